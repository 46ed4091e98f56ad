package io.weft.blog.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * An article as it is stored.
 *
 * @param id given by the database when absent
 * @param author the id of the user who wrote it
 */
@Document("articles")
record Article(
        @Id @Nullable String id,
        String title,
        String body,
        String author,
        List<String> tags,
        Instant createdAt,
        Instant updatedAt) {

    Article {
        tags = List.copyOf(tags);
    }
}
