package io.weft.testkit.lab.mesh;

import io.weft.engine.MeshClock;
import io.weft.testkit.lab.topology.Topology.IssuerSpec;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The issuers of tokens, and where their key sets are served. Keys are made on first use.
 * Thread-safe.
 */
public final class TokenIssuers {

    private static final Pattern DELAY = Pattern.compile("(?:^|&)delay=([0-9]+)(ms|s)(?:&|$)");

    private final MeshClock clock;
    private final Map<String, IssuerSpec> specs = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<IssuerKeys>> keys = new LinkedHashMap<>();

    TokenIssuers(List<IssuerSpec> issuers, MeshClock clock) {
        this.clock = clock;
        for (IssuerSpec spec : issuers) {
            specs.put(spec.issuer(), spec);
            keys.computeIfAbsent(
                    spec.issuer(), name -> CompletableFuture.supplyAsync(IssuerKeys::make));
        }
    }

    /** How to mint. */
    public record Order(
            String issuer,
            @Nullable String subject,
            @Nullable List<String> audience,
            Map<String, @Nullable Object> claims,
            long expiresInSeconds) {}

    /**
     * A token; claims override what the order says.
     *
     * @throws LabProblem when no such issuer is declared
     */
    public String mint(Order order) {
        IssuerKeys signer = keys(order.issuer());
        long now = clock.now().getEpochSecond();
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("iss", order.issuer());
        if (order.subject() != null) {
            payload.put("sub", order.subject());
        }
        List<String> audience = order.audience();
        if (audience != null && !audience.isEmpty()) {
            payload.put("aud", audience.size() == 1 ? audience.getFirst() : audience);
        }
        payload.put("iat", Math.min(now, now + order.expiresInSeconds()));
        payload.put("exp", now + order.expiresInSeconds());
        payload.putAll(order.claims());
        return signer.sign(signer.header(), payload, IssuerKeys.Use.OWN);
    }

    /**
     * A token with the header and payload given; members that are missing are not added.
     *
     * @param key {@code issuer}, {@code other} or {@code none}
     */
    public String mintRaw(
            String issuer,
            @Nullable Map<String, @Nullable Object> header,
            @Nullable Map<String, @Nullable Object> payload,
            String key) {
        IssuerKeys signer = keys(issuer);
        IssuerKeys.Use use =
                switch (key) {
                    case "issuer" -> IssuerKeys.Use.OWN;
                    case "other" -> IssuerKeys.Use.OTHER;
                    case "none" -> IssuerKeys.Use.NONE;
                    default ->
                            throw new LabProblem(
                                    "raw.key: '" + key + "' (expected: issuer, other, none)");
                };
        return signer.sign(
                header == null ? signer.header() : header,
                payload == null ? Map.of("iss", issuer) : payload,
                use);
    }

    private IssuerKeys keys(String issuer) {
        CompletableFuture<IssuerKeys> found = keys.get(issuer);
        if (found == null) {
            throw new LabProblem(
                    "issuer: '" + issuer + "' (expected: one of " + specs.keySet() + ")");
        }
        return found.join();
    }

    /** The key set at a URL, as late as the URL asks; never for a {@code .invalid} host. */
    CompletionStage<String> keySet(URI uri) {
        if (uri.getHost() != null && uri.getHost().endsWith(".invalid")) {
            return CompletableFuture.failedStage(
                    new TimeoutException(uri.getHost() + " does not answer"));
        }
        List<CompletableFuture<IssuerKeys>> serving = new ArrayList<>();
        for (IssuerSpec spec : specs.values()) {
            if (withoutQuery(spec.jwksUri()).equals(withoutQuery(uri.toString()))) {
                serving.add(keys.get(spec.issuer()));
            }
        }
        if (serving.isEmpty()) {
            return CompletableFuture.failedStage(
                    new IllegalArgumentException(
                            uri + ": no issuer of the topology serves its keys there"));
        }
        long delay = delayMillis(uri);
        Executor later =
                delay == 0
                        ? Runnable::run
                        : CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS);
        return CompletableFuture.allOf(serving.toArray(CompletableFuture[]::new))
                .thenApplyAsync(
                        done ->
                                IssuerKeys.keySet(
                                        serving.stream().map(CompletableFuture::join).toList()),
                        later);
    }

    /** Whether a key set comes at once. */
    boolean isPrompt(String uri) {
        try {
            URI parsed = URI.create(uri);
            String host = parsed.getHost();
            return delayMillis(parsed) == 0
                    && (host == null || !host.endsWith(".invalid"))
                    && specs.values().stream()
                            .anyMatch(s -> withoutQuery(s.jwksUri()).equals(withoutQuery(uri)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static long delayMillis(URI uri) {
        String query = uri.getRawQuery();
        Matcher delay = DELAY.matcher(query == null ? "" : query);
        if (!delay.find()) {
            return 0;
        }
        long number = Long.parseLong(delay.group(1));
        return delay.group(2).equals("s") ? number * 1000 : number;
    }

    private static String withoutQuery(String uri) {
        int mark = uri.indexOf('?');
        return mark < 0 ? uri : uri.substring(0, mark);
    }
}
