package io.weft.blog.users;

import org.jspecify.annotations.Nullable;

/** What a client sends to store a user; the id is in the path. */
record UserDraft(@Nullable String displayName, @Nullable Role role, @Nullable String bio) {

    User toUser(String id) {
        return new User(
                id,
                displayName == null ? "" : displayName,
                role == null ? Role.READER : role,
                bio == null ? "" : bio);
    }
}
