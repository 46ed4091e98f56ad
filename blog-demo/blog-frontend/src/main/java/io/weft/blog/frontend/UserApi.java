package io.weft.blog.frontend;

import java.util.List;

/** The users, as user-service keeps them. */
final class UserApi {

    private final Upstream users;

    UserApi(Upstream users) {
        this.users = users;
    }

    List<User> findAll() {
        return users.send(
                users.client().get().uri("/api/users/"),
                response -> {
                    User[] all = response.bodyTo(User[].class);
                    return all == null ? List.of() : List.of(all);
                });
    }
}
