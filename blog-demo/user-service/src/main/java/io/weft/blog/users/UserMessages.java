package io.weft.blog.users;

import io.weft.blog.users.v1.UserEvent;

/** The users' translation into messages of the gRPC contract. */
final class UserMessages {

    private UserMessages() {}

    static io.weft.blog.users.v1.User toMessage(User user) {
        return io.weft.blog.users.v1.User.newBuilder()
                .setId(user.id())
                .setDisplayName(user.displayName())
                .setRole(toMessage(user.role()))
                .setBio(user.bio())
                .build();
    }

    static UserEvent toEvent(UserEvent.Kind kind, User user) {
        return UserEvent.newBuilder().setKind(kind).setUser(toMessage(user)).build();
    }

    private static io.weft.blog.users.v1.Role toMessage(Role role) {
        return switch (role) {
            case READER -> io.weft.blog.users.v1.Role.ROLE_READER;
            case AUTHOR -> io.weft.blog.users.v1.Role.ROLE_AUTHOR;
            case EDITOR -> io.weft.blog.users.v1.Role.ROLE_EDITOR;
            case ADMIN -> io.weft.blog.users.v1.Role.ROLE_ADMIN;
        };
    }
}
