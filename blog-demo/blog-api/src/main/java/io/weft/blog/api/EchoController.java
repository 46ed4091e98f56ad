package io.weft.blog.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Answers any request with what arrived of it, so that one sees what lies on the way between caller
 * and service.
 */
@RestController
class EchoController {

    /**
     * What arrived.
     *
     * @param path the request target with its query, byte for byte
     * @param headers name and value as sent, in their order, repeats kept
     * @param body read as UTF-8
     */
    record Echo(
            String method, String path, String protocol, List<List<String>> headers, String body) {}

    @RequestMapping({"/api/v1/echo", "/api/v1/echo/**"})
    Mono<Echo> echo(ServerHttpRequest request, @RequestBody(required = false) Mono<byte[]> body) {
        HttpServerRequest sent = ServerHttpRequestDecorator.getNativeRequest(request);
        List<List<String>> headers = new ArrayList<>();
        sent.requestHeaders()
                .forEach(header -> headers.add(List.of(header.getKey(), header.getValue())));
        return body.defaultIfEmpty(new byte[0])
                .map(bytes ->
                        new Echo(
                                sent.method().name(),
                                sent.uri(),
                                sent.version().text(),
                                List.copyOf(headers),
                                new String(bytes, StandardCharsets.UTF_8)));
    }
}
