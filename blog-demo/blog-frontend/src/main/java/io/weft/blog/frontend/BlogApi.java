package io.weft.blog.frontend;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;

/** The articles, as blog-api keeps them. */
final class BlogApi {

    private static final int PAGE_SIZE = 10;
    private static final String ARTICLES = "/api/v1/articles";
    private static final String ARTICLE = ARTICLES + "/{id}";

    private final Upstream api;

    BlogApi(Upstream api) {
        this.api = api;
    }

    Answer<Article.Page> page(@Nullable String tag, int page) {
        return api.send(
                api.client()
                        .get()
                        .uri(uri -> {
                            uri.path(ARTICLES)
                                    .queryParam("page", page)
                                    .queryParam("size", PAGE_SIZE);
                            return tag == null
                                    ? uri.build()
                                    : uri.queryParam("tag", "{tag}").build(tag);
                        }),
                response -> answer(response, Article.Page.class));
    }

    Answer<Article> find(String id) {
        return api.send(
                api.client().get().uri(ARTICLE, id), response -> answer(response, Article.class));
    }

    Answer<Article> create(ArticleForm form) {
        return api.send(
                api.client()
                        .post()
                        .uri(ARTICLES)
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(form.toDraft()),
                response -> answer(response, Article.class));
    }

    Answer<Article> replace(String id, ArticleForm form) {
        return api.send(
                api.client()
                        .put()
                        .uri(ARTICLE, id)
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(form.toDraft()),
                response -> answer(response, Article.class));
    }

    void delete(String id) {
        api.send(api.client().delete().uri(ARTICLE, id), response -> true);
    }

    private static <T> Answer<T> answer(ConvertibleClientHttpResponse response, Class<T> type)
            throws IOException {
        T value = response.bodyTo(type);
        if (value == null) {
            throw new IOException("an empty answer (expected: " + type.getSimpleName() + ")");
        }
        return new Answer<>(value, Answer.ServedBy.of(response.getHeaders()));
    }
}
