package io.weft.blog.frontend;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a person wrote into the form. */
record ArticleForm(
        @Nullable String title,
        @Nullable String body,
        @Nullable String author,
        @Nullable String tags) {

    /** What blog-api wants to have. */
    record Draft(
            @Nullable String title,
            @Nullable String body,
            @Nullable String author,
            List<String> tags) {}

    static ArticleForm empty() {
        return new ArticleForm("", "", "", "");
    }

    static ArticleForm of(Article article) {
        return new ArticleForm(
                article.title(),
                article.body(),
                article.author().id(),
                String.join(", ", article.tags()));
    }

    Draft toDraft() {
        List<String> list =
                tags == null
                        ? List.of()
                        : Arrays.stream(tags.split("[,\uff0c\u3001]"))
                                .map(String::strip)
                                .filter(tag -> !tag.isEmpty())
                                .toList();
        return new Draft(
                title, body, author == null || author.isBlank() ? null : author.strip(), list);
    }
}
