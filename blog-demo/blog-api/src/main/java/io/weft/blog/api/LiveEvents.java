package io.weft.blog.api;

import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.json.JsonMapper;

/**
 * What happens in this instance, for those who listen at the moment; one who is too slow misses
 * events.
 */
@Component
class LiveEvents {

    /** The one kind of event there is. */
    record ArticleCreated(String event, String id, String title) {}

    private final Sinks.Many<String> events = Sinks.many().multicast().directBestEffort();
    private final JsonMapper json;

    LiveEvents(JsonMapper json) {
        this.json = json;
    }

    /** Called by one request at a time or by many at once. */
    synchronized void articleCreated(Article article) {
        var event =
                new ArticleCreated(
                        "article-created", String.valueOf(article.id()), article.title());
        events.tryEmitNext(json.writeValueAsString(event));
    }

    /** Events as JSON text from now on. */
    Flux<String> stream() {
        return events.asFlux();
    }
}
