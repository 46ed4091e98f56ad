package io.weft.blog.users;

import java.util.List;

/** The people whom the demo starts with; the articles of blog-api name some of them as authors. */
final class SampleUsers {

    private SampleUsers() {}

    static List<User> all() {
        return List.of(
                new User("admin", "Alex Admin", Role.ADMIN, "Keeps the lights on."),
                new User(
                        "editor",
                        "Edda Editor",
                        Role.EDITOR,
                        "Every sentence gets shorter on her desk."),
                new User(
                        "reader", "Robin Reader", Role.READER, "Reads everything, writes nothing."),
                new User(
                        "ada",
                        "Ada Okafor",
                        Role.AUTHOR,
                        "Writes about weaving, networks and where they meet."),
                new User("lin-mei", "林梅", Role.AUTHOR, "住在苏州,写园林、茶和慢下来的事情。"),
                new User("tomas", "Tomás Rivera", Role.AUTHOR, "Walks first, writes afterwards."));
    }
}
