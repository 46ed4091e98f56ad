package io.weft.blog.users;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a user may do on the blog, from the least to the most. */
enum Role {
    @JsonProperty("reader")
    READER,
    @JsonProperty("author")
    AUTHOR,
    @JsonProperty("editor")
    EDITOR,
    @JsonProperty("admin")
    ADMIN
}
