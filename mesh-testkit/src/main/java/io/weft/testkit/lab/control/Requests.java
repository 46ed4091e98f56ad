package io.weft.testkit.lab.control;

import io.weft.testkit.echo.EchoReport;
import io.weft.testkit.lab.client.Dial;
import io.weft.testkit.lab.client.Failure;
import io.weft.testkit.lab.client.Header;
import io.weft.testkit.lab.client.Incoming;
import io.weft.testkit.lab.client.Outgoing;
import io.weft.testkit.lab.client.Protocol;
import io.weft.testkit.lab.client.RawClient;
import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.mesh.LabProblem;
import io.weft.testkit.lab.mesh.LabReplica;
import io.weft.testkit.lab.mesh.SeenExchange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Sends requests, one after the other, and tells what became of them. Thread-safe; blocks. */
public final class Requests {

    static final String GRPC_PATH = "/weft.Echo/Echo";
    private static final int MAX_COUNT = 20_000;
    private static final int DEFAULT_TIMEOUT_MILLIS = 10_000;
    private static final String GRPC_ECHO = "x-weft-echo";

    private final LabMesh mesh;
    private final Callers callers;
    private final Logs logs;
    private final EchoNames names;

    public Requests(LabMesh mesh) {
        this.mesh = mesh;
        this.callers = new Callers(mesh);
        this.logs = new Logs(mesh);
        this.names = new EchoNames(mesh);
    }

    /**
     * Sends as many as the order says.
     *
     * @return as many answers
     * @throws LabProblem when the order makes no sense
     */
    public List<Answer> send(RequestOrder order) {
        int count = order.count() == null ? 1 : order.count();
        if (count < 1 || count > MAX_COUNT) {
            throw new LabProblem("count: " + count + " (expected: 1.." + MAX_COUNT + ")");
        }
        Protocol protocol = protocol(order.protocol());
        Callers.Caller caller = callers.find(order.from());
        Target target = Target.of(mesh, caller, order, protocol);
        Outgoing request = outgoing(order, protocol, target);
        List<Answer> answers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            answers.add(once(target, request));
        }
        return answers;
    }

    /** How often each workload answered. */
    public Map<String, Integer> distribution(List<Answer> answers) {
        Map<String, Integer> found = new TreeMap<>();
        for (Answer answer : answers) {
            JsonNode echo = answer.echo();
            if (echo != null) {
                found.merge(names.of(echo), 1, Integer::sum);
            }
        }
        return found;
    }

    static Protocol protocol(@Nullable String name) {
        if (name == null) {
            return Protocol.HTTP1;
        }
        for (Protocol each : Protocol.values()) {
            if (each.name().equals(name.toUpperCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new LabProblem(
                "protocol: '" + name + "' (expected: http1, http2, grpc, tcp, tls, websocket)");
    }

    private static Outgoing outgoing(RequestOrder order, Protocol protocol, Target target) {
        String method = order.method();
        if (method == null || protocol == Protocol.GRPC) {
            method = protocol == Protocol.GRPC ? "POST" : "GET";
        }
        String path = order.path();
        if (path == null) {
            path = protocol == Protocol.GRPC ? GRPC_PATH : "/";
        }
        int timeout =
                order.timeoutMillis() == null ? DEFAULT_TIMEOUT_MILLIS : order.timeoutMillis();
        if (timeout < 1) {
            throw new LabProblem("timeoutMillis: " + timeout + " (expected: a number >= 1)");
        }
        return new Outgoing(
                protocol,
                method,
                path,
                target.authority(),
                target.scheme(),
                headers(order.headers()),
                order.body(),
                Duration.ofMillis(timeout));
    }

    private static List<Header> headers(@Nullable List<List<String>> written) {
        List<Header> headers = new ArrayList<>();
        for (List<String> pair : written == null ? List.<List<String>>of() : written) {
            if (pair == null || pair.size() != 2 || pair.stream().anyMatch(Objects::isNull)) {
                throw new LabProblem("headers: " + pair + " (expected: [name, value])");
            }
            headers.add(new Header(pair.getFirst(), pair.getLast()));
        }
        return headers;
    }

    private Answer once(Target target, Outgoing request) {
        Dial dial = target.dial();
        if (dial == null) {
            String refused = Failure.CONNECTION_REFUSED.title();
            return new Answer(
                    null,
                    refused,
                    List.of(),
                    "",
                    List.of(),
                    "-",
                    null,
                    List.of("no such host"),
                    null,
                    0);
        }
        long mark = mesh.recorder().mark();
        long start = System.nanoTime();
        Incoming incoming = RawClient.send(dial, request);
        double millis = Math.round((System.nanoTime() - start) / 10_000.0) / 100.0;
        Logs.Said said = logs.about(mark, target.firstProxy(), incoming.localPort());
        Failure failure = incoming.error();
        return new Answer(
                incoming.status(),
                failure == null ? null : failure.title(),
                pairs(incoming.headers()),
                incoming.body(),
                pairs(incoming.trailers()),
                said.responseFlags(),
                said.policy(),
                said.details(),
                opaque(request) ? connection(dial, incoming, said) : echo(request, incoming),
                millis);
    }

    private static List<List<String>> pairs(List<Header> headers) {
        return headers.stream().map(each -> List.of(each.name(), each.value())).toList();
    }

    private static boolean opaque(Outgoing request) {
        return request.protocol() == Protocol.TCP || request.protocol() == Protocol.TLS;
    }

    /** What the application behind the last proxy, or at the other end, received. */
    private @Nullable JsonNode connection(Dial dial, Incoming incoming, Logs.Said said) {
        SeenExchange last = said.last();
        int port = last == null ? dial.target().getPort() : last.upstreamPort();
        int from = last == null ? incoming.localPort() : last.upstreamLocalPort();
        for (LabReplica replica : mesh.replicas()) {
            if (replica.application().ports().containsValue(port)) {
                EchoReport report = replica.application().connection(from);
                return report == null ? null : Json.MAPPER.valueToTree(report);
            }
        }
        return null;
    }

    /** What the application saw: in the body, in a header (gRPC), or in its first message. */
    private @Nullable JsonNode echo(Outgoing request, Incoming incoming) {
        try {
            return switch (request.protocol()) {
                case HTTP1, HTTP2 -> report(incoming.body());
                case WEBSOCKET -> {
                    String greeting = incoming.greeting();
                    yield report(greeting == null ? incoming.body() : greeting);
                }
                case GRPC -> {
                    String header = incoming.header(GRPC_ECHO);
                    JsonNode report =
                            header == null
                                    ? null
                                    : report(
                                            new String(
                                                    Base64.getDecoder().decode(header),
                                                    StandardCharsets.UTF_8));
                    // The head of the answer was written before the message was there.
                    if (report instanceof ObjectNode fields) {
                        fields.put("body", incoming.body());
                    }
                    yield report;
                }
                case TCP, TLS -> null; // has no answer that could tell
            };
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable JsonNode report(String text) {
        if (!text.startsWith("{")) {
            return null;
        }
        try {
            JsonNode node = Json.MAPPER.readTree(text);
            return node.has("workload") && node.has("namespace") ? node : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
