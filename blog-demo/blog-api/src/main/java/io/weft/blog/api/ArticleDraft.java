package io.weft.blog.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client sends to write an article, as it came: nothing has been checked yet. */
record ArticleDraft(
        @Nullable String title,
        @Nullable String body,
        @Nullable String author,
        @Nullable List<@Nullable String> tags) {

    private static final int MAX_TITLE = 200;
    private static final int MAX_BODY = 20_000;
    private static final int MAX_TAGS = 10;
    private static final int MAX_TAG = 40;
    private static final String NOBODY = "anonymous";

    /** Everything that is wrong, in the order of the fields; empty when the draft can be stored. */
    List<Violation> violations() {
        List<Violation> found = new ArrayList<>();
        checkText(found, "title", title, MAX_TITLE);
        checkText(found, "body", body, MAX_BODY);
        if (author != null && !author.matches("[a-z0-9-]{1,40}")) {
            found.add(
                    new Violation(
                            "author",
                            "is not the id of a user (expected: lower-case letters, digits, dashes)"));
        }
        if (tags != null && tags.size() > MAX_TAGS) {
            found.add(
                    new Violation(
                            "tags", tags.size() + " tags (expected: at most " + MAX_TAGS + ")"));
        }
        if (tags != null && tags.stream().anyMatch(ArticleDraft::isNoTag)) {
            found.add(
                    new Violation(
                            "tags",
                            "a tag is blank or too long (expected: 1 to "
                                    + MAX_TAG
                                    + " characters)"));
        }
        return List.copyOf(found);
    }

    private static boolean isNoTag(@Nullable String tag) {
        return tag == null || tag.isBlank() || tag.length() > MAX_TAG;
    }

    private static void checkText(
            List<Violation> found, String field, @Nullable String value, int longest) {
        if (value == null || value.isBlank()) {
            found.add(new Violation(field, "is missing (expected: some text)"));
        } else if (value.length() > longest) {
            found.add(
                    new Violation(
                            field,
                            value.length() + " characters (expected: at most " + longest + ")"));
        }
    }

    /** A new article from a draft without violations. */
    Article toArticle(Instant now) {
        return new Article(null, text(title), text(body), authorOr(NOBODY), tagList(), now, now);
    }

    /** The article with the content of this draft, which has no violations. */
    Article applyTo(Article article, Instant now) {
        return new Article(
                article.id(),
                text(title),
                text(body),
                authorOr(article.author()),
                tags == null ? article.tags() : tagList(),
                article.createdAt(),
                now);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip();
    }

    private String authorOr(String other) {
        return author == null ? other : author;
    }

    private List<String> tagList() {
        List<String> list = new ArrayList<>();
        if (tags != null) {
            tags.forEach(tag -> list.add(text(tag)));
        }
        return list;
    }
}
