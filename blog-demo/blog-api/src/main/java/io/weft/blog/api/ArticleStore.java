package io.weft.blog.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.data.domain.Sort;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The articles in MongoDB. */
@Component
class ArticleStore {

    private final ReactiveMongoTemplate mongo;

    ArticleStore(ReactiveMongoTemplate mongo) {
        this.mongo = mongo;
    }

    Mono<Article> find(String id) {
        return mongo.findById(id, Article.class);
    }

    Flux<Article> page(@Nullable String tag, int page, int size) {
        Query query =
                tagged(tag)
                        .with(Sort.by(Sort.Direction.DESC, "createdAt").and(Sort.by("id")))
                        .skip((long) page * size)
                        .limit(size);
        return mongo.find(query, Article.class);
    }

    Mono<Long> count(@Nullable String tag) {
        return mongo.count(tagged(tag), Article.class);
    }

    Mono<Article> save(Article article) {
        return mongo.save(article);
    }

    /** Empty when there was none. */
    Mono<Article> delete(String id) {
        return mongo.findAndRemove(Query.query(Criteria.where("id").is(id)), Article.class);
    }

    /** Stores each article whose id is not taken, and leaves the others as they are. */
    Mono<Void> insertMissing(List<Article> articles) {
        return Flux.fromIterable(articles)
                .concatMap(article ->
                        mongo.insert(article)
                                .onErrorResume(DuplicateKeyException.class, e -> Mono.empty()))
                .then();
    }

    private static Query tagged(@Nullable String tag) {
        return tag == null ? new Query() : Query.query(Criteria.where("tags").is(tag));
    }
}
