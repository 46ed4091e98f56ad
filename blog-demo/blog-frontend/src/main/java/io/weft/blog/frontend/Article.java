package io.weft.blog.frontend;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An article as blog-api tells it. What is public here, the templates call.
 *
 * @param excerpt only from v2
 * @param readingMinutes only from v2
 */
record Article(
        String id,
        String title,
        String body,
        Author author,
        List<String> tags,
        Instant createdAt,
        Instant updatedAt,
        @Nullable String excerpt,
        @Nullable Integer readingMinutes) {

    private static final int TEASER = 220;

    /** Who wrote it. */
    record Author(String id, String name) {}

    /** A page of articles, counted from 0. */
    record Page(List<Article> items, int page, int size, long total) {

        public boolean hasNext() {
            return (page + 1L) * size < total;
        }
    }

    /** The text between blank lines. */
    public List<String> paragraphs() {
        return Arrays.stream(body.split("\\R\\s*\\R")).filter(text -> !text.isBlank()).toList();
    }

    /** The excerpt, or the beginning of the text where there is none. */
    public String teaser() {
        if (excerpt != null) {
            return excerpt;
        }
        int length = body.codePointCount(0, body.length());
        return length <= TEASER
                ? body
                : body.substring(0, body.offsetByCodePoints(0, TEASER)) + "…";
    }
}
