package io.weft.blog.api;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends back every text and binary message as it came, and between them the events of the blog. */
@Component
class LiveHandler implements WebSocketHandler {

    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final LiveEvents events;
    private final Set<WebSocketSession> open = ConcurrentHashMap.newKeySet();

    LiveHandler(LiveEvents events) {
        this.events = events;
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        open.add(session);
        Flux<WebSocketMessage> echoed =
                session.receive().filter(LiveHandler::isData).doOnNext(WebSocketMessage::retain);
        Flux<WebSocketMessage> pushed = events.stream().map(session::textMessage);
        // The client's leaving ends the echo, and with it the events.
        Flux<WebSocketMessage> sent =
                echoed.publish(shared ->
                        Flux.merge(shared, pushed.takeUntilOther(shared.ignoreElements())));
        return session.send(sent)
                .then(Mono.defer(() -> session.close(CloseStatus.NORMAL)))
                .doFinally(signal -> open.remove(session));
    }

    private static boolean isData(WebSocketMessage message) {
        return message.getType() == WebSocketMessage.Type.TEXT
                || message.getType() == WebSocketMessage.Type.BINARY;
    }

    /** Waits for the farewells to be sent: right after this event the server ends connections. */
    @EventListener
    void sayFarewell(ContextClosedEvent event) {
        Flux.fromIterable(open)
                .flatMap(session -> session.close(CloseStatus.GOING_AWAY).onErrorComplete())
                .then()
                .timeout(FAREWELL, Mono.empty())
                .block();
    }
}
