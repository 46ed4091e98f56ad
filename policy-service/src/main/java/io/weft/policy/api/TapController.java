package io.weft.policy.api;

import io.weft.model.wire.Tap;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.traffic.FateView;
import io.weft.policy.traffic.TapDesk;
import io.weft.policy.traffic.TapTarget;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;

/**
 * {@code POST /api/v1/tap}: requests as they end, one line of JSON each, until the caller goes; for
 * operators, since paths and headers are other people's.
 */
@RestController
final class TapController {

    private static final int MAX_PER_SECOND = 100;
    private static final int WAITING = 512;

    private final TapDesk desk;

    TapController(PolicyServer server) {
        this.desk = server.traffic().taps();
    }

    @PostMapping(
            value = "/api/v1/tap",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_NDJSON_VALUE)
    Flux<FateView> tap(@RequestBody TapRequest request) {
        TapTarget target = request.target();
        Tap tap = request.tap();
        return Flux.<FateView>create(
                        sink -> {
                            try {
                                AutoCloseable open = desk.open(target, tap, sink::next);
                                sink.onDispose(() -> close(open));
                            } catch (IllegalStateException e) {
                                sink.error(
                                        new ResponseStatusException(
                                                HttpStatus.TOO_MANY_REQUESTS, e.getMessage(), e));
                            }
                        })
                // A slow reader loses the oldest, not the mesh its memory.
                .onBackpressureBuffer(WAITING, dropped -> {}, BufferOverflowStrategy.DROP_OLDEST);
    }

    private static void close(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Whose requests, and which of them; what is left out lets everything pass.
     *
     * @param kind {@code namespace}, {@code workload}, {@code service} or {@code instance}
     * @param direction {@code inbound}, {@code outbound} or both when it is left out
     */
    record TapRequest(
            @Nullable String kind,
            @Nullable String namespace,
            @Nullable String name,
            @Nullable String method,
            @Nullable String path,
            @Nullable String authority,
            @Nullable String peer,
            @Nullable String direction,
            @Nullable List<String> headers,
            @Nullable Integer perSecond) {

        TapTarget target() {
            String wanted = text(kind).isEmpty() ? "namespace" : text(kind);
            TapTarget.Kind of =
                    Arrays.stream(TapTarget.Kind.values())
                            .filter(each -> each.name().equalsIgnoreCase(wanted))
                            .findFirst()
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "kind: '"
                                                    + wanted
                                                    + "' (expected: namespace, workload,"
                                                    + " service or instance)"));
            if (of != TapTarget.Kind.NAMESPACE && text(name).isEmpty()) {
                throw new IllegalArgumentException("name: none (expected: of the " + wanted + ")");
            }
            return new TapTarget(of, text(namespace), text(name));
        }

        Tap tap() {
            String way = text(direction);
            if (!List.of("", "inbound", "outbound").contains(way)) {
                throw new IllegalArgumentException(
                        "direction: '" + way + "' (expected: inbound or outbound)");
            }
            int limit = perSecond == null ? MAX_PER_SECOND : perSecond;
            if (limit < 1 || limit > MAX_PER_SECOND) {
                throw new IllegalArgumentException(
                        "perSecond: " + limit + " (expected: 1.." + MAX_PER_SECOND + ")");
            }
            return new Tap(
                    "",
                    text(method).toUpperCase(Locale.ROOT),
                    text(path),
                    text(authority).toLowerCase(Locale.ROOT),
                    text(peer),
                    !way.equals("outbound"),
                    !way.equals("inbound"),
                    Objects.requireNonNullElse(headers, List.<String>of()).stream()
                            .map(each -> each.toLowerCase(Locale.ROOT))
                            .toList(),
                    limit);
        }

        private static String text(@Nullable String value) {
            return value == null ? "" : value;
        }
    }
}
