package io.weft.blog.api;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** Reads and writes articles. Who may do so is not decided here. */
@RestController
@RequestMapping("/api/v1/articles")
class ArticleController {

    private static final int LARGEST_PAGE = 100;

    private final ArticleStore store;
    private final Authors authors;
    private final LiveEvents events;
    private final InstantSource clock;
    private final ApiVersion version;

    ArticleController(
            ArticleStore store,
            Authors authors,
            LiveEvents events,
            InstantSource clock,
            @Value("${blog.version}") ApiVersion version) {
        this.store = store;
        this.authors = authors;
        this.events = events;
        this.clock = clock;
        this.version = version;
    }

    @GetMapping
    Mono<ArticlePage> list(
            @RequestParam(required = false) @Nullable String tag,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "20") int size) {
        if (page < 0 || size < 1 || size > LARGEST_PAGE) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST,
                    "page: %d, size: %d (expected: page from 0, size from 1 to %d)"
                            .formatted(page, size, LARGEST_PAGE));
        }
        return store.page(tag, page, size)
                .collectList()
                .flatMap(this::views)
                .zipWith(store.count(tag))
                .map(both -> new ArticlePage(both.getT1(), page, size, both.getT2()));
    }

    @GetMapping("/{id}")
    Mono<ArticleView> get(@PathVariable String id) {
        return store.find(id).switchIfEmpty(unknown(id)).flatMap(this::view);
    }

    @PostMapping
    Mono<ResponseEntity<ArticleView>> create(@RequestBody ArticleDraft draft) {
        check(draft);
        return store.save(draft.toArticle(clock.instant()))
                .doOnNext(events::articleCreated)
                .flatMap(this::view)
                .map(view ->
                        ResponseEntity.created(URI.create("/api/v1/articles/" + view.id()))
                                .body(view));
    }

    @PutMapping("/{id}")
    Mono<ArticleView> replace(@PathVariable String id, @RequestBody ArticleDraft draft) {
        check(draft);
        return store.find(id)
                .switchIfEmpty(unknown(id))
                .flatMap(article -> store.save(draft.applyTo(article, clock.instant())))
                .flatMap(this::view);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> delete(@PathVariable String id) {
        return store.delete(id).switchIfEmpty(unknown(id)).then();
    }

    private static void check(ArticleDraft draft) {
        List<Violation> violations = draft.violations();
        if (!violations.isEmpty()) {
            throw new InvalidArticleException(violations);
        }
    }

    private static Mono<Article> unknown(String id) {
        return Mono.error(() ->
                new ResponseStatusException(HttpStatus.NOT_FOUND, "no article has the id " + id));
    }

    private Mono<ArticleView> view(Article article) {
        return authors.find(article.author())
                .map(author -> ArticleView.of(article, author, version));
    }

    private Mono<List<ArticleView>> views(List<Article> articles) {
        return authors.findAll(articles.stream().map(Article::author).toList())
                .map(byId ->
                        articles.stream()
                                .map(article -> ArticleView.of(article, of(byId, article), version))
                                .toList());
    }

    private static Author of(Map<String, Author> byId, Article article) {
        return byId.getOrDefault(article.author(), new Author(article.author(), article.author()));
    }
}
