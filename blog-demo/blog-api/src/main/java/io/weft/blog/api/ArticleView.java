package io.weft.blog.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An article as clients see it. Only v2 tells {@code apiVersion}, {@code excerpt} and {@code
 * readingMinutes}.
 *
 * @param readingMinutes at least 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ArticleView(
        @Nullable String id,
        String title,
        String body,
        Author author,
        List<String> tags,
        Instant createdAt,
        Instant updatedAt,
        @Nullable String apiVersion,
        @Nullable String excerpt,
        @Nullable Integer readingMinutes) {

    static ArticleView of(Article article, Author author, ApiVersion version) {
        return switch (version) {
            case V1 -> of(article, author, null, null, null);
            case V2 ->
                    of(
                            article,
                            author,
                            version.label(),
                            Reading.excerpt(article.body()),
                            Reading.minutes(article.body()));
        };
    }

    private static ArticleView of(
            Article article,
            Author author,
            @Nullable String apiVersion,
            @Nullable String excerpt,
            @Nullable Integer readingMinutes) {
        return new ArticleView(
                article.id(),
                article.title(),
                article.body(),
                author,
                article.tags(),
                article.createdAt(),
                article.updatedAt(),
                apiVersion,
                excerpt,
                readingMinutes);
    }
}
