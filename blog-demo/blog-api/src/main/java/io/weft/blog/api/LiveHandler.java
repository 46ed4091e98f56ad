package io.weft.blog.api;

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

    private final LiveEvents events;

    LiveHandler(LiveEvents events) {
        this.events = events;
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        Flux<WebSocketMessage> echoed =
                session.receive().filter(LiveHandler::isData).doOnNext(WebSocketMessage::retain);
        Flux<WebSocketMessage> pushed = events.stream().map(session::textMessage);
        // The client's leaving ends the echo, and with it the events.
        Flux<WebSocketMessage> sent =
                echoed.publish(shared ->
                        Flux.merge(shared, pushed.takeUntilOther(shared.ignoreElements())));
        Mono<Void> clientLeaves =
                session.send(sent).then(Mono.defer(() -> session.close(CloseStatus.NORMAL)));
        Mono<Void> instanceStops =
                events.closing().then(Mono.defer(() -> session.close(CloseStatus.GOING_AWAY)));
        return Mono.firstWithSignal(clientLeaves, instanceStops);
    }

    private static boolean isData(WebSocketMessage message) {
        return message.getType() == WebSocketMessage.Type.TEXT
                || message.getType() == WebSocketMessage.Type.BINARY;
    }
}
