package io.weft.compiler.differential;

import io.weft.engine.SampleRequest;
import io.weft.engine.VerifiedToken;
import io.weft.model.SpiffeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Policies and requests over few words, so that they meet often. For one thread. */
final class RandomAuthorization {

    private static final String[] SOURCES = {
        "principals", "requestPrincipals", "namespaces", "ipBlocks", "remoteIpBlocks"
    };
    private static final String[] OPERATIONS = {"hosts", "methods", "paths", "ports"};
    private static final String[] KEYS = {
        "request.headers[X-A]",
        "source.ip",
        "remote.ip",
        "source.namespace",
        "source.principal",
        "request.auth.principal",
        "request.auth.audiences",
        "request.auth.presenter",
        "request.auth.claims[groups]",
        "request.auth.claims[realm][roles]",
        "destination.port",
        "connection.sni"
    };

    private final SplittableRandom random;

    RandomAuthorization(long seed) {
        random = new SplittableRandom(seed);
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private String any(String... of) {
        return of[random.nextInt(of.length)];
    }

    private <T> List<T> list(int least, int most, Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    List<WrittenPolicy> policies() {
        List<WrittenPolicy> policies = new ArrayList<>();
        // Some sets are long enough for the engine to index them.
        int count = oneIn(6) ? 12 : 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String action = any("ALLOW", "ALLOW", "ALLOW", "DENY", "DENY", "AUDIT", "CUSTOM");
            policies.add(
                    new WrittenPolicy(
                            oneIn(4) ? "istio-system" : "shop",
                            "p" + i,
                            action,
                            !action.equals("AUDIT") && oneIn(5),
                            list(oneIn(10) ? 0 : 1, 3, this::rule)));
        }
        return policies;
    }

    private WrittenPolicy.Rule rule() {
        return new WrittenPolicy.Rule(
                oneIn(2) ? List.of() : list(1, 2, () -> fields(SOURCES)),
                oneIn(2) ? List.of() : list(1, 2, () -> fields(OPERATIONS)),
                oneIn(2) ? List.of() : list(1, 2, this::condition));
    }

    private Map<String, List<String>> fields(String[] names) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            String name = any(names);
            String written =
                    oneIn(4)
                            ? "not" + Character.toUpperCase(name.charAt(0)) + name.substring(1)
                            : name;
            fields.put(written, list(1, 3, () -> value(name)));
        }
        if (names == SOURCES
                && fields.keySet().stream()
                        .noneMatch(f -> f.matches("(?i).*(principals|namespaces)"))
                && oneIn(3)) {
            fields.put("serviceAccounts", list(1, 2, () -> any("web", "shop/api", "blog/web")));
        }
        return fields;
    }

    private WrittenPolicy.Condition condition() {
        String key = any(KEYS);
        Supplier<String> value = () -> value(key);
        return oneIn(3)
                ? new WrittenPolicy.Condition(key, List.of(), list(1, 2, value))
                : new WrittenPolicy.Condition(
                        key, list(1, 3, value), oneIn(4) ? list(1, 2, value) : List.of());
    }

    private String value(String subject) {
        return switch (subject) {
            case "principals", "source.principal" ->
                    any(
                            "cluster.local/ns/shop/sa/web",
                            "cluster.local/ns/blog/sa/web",
                            "cluster.local/ns/shop/*",
                            "other/ns/shop/sa/web",
                            "*/sa/web",
                            "*");
            case "requestPrincipals", "request.auth.principal" ->
                    any("issuer/ann", "issuer/*", "*/bob", "*", "other/ann");
            case "namespaces", "source.namespace" -> any("shop", "blog", "sh*", "*op", "*");
            case "ipBlocks", "remoteIpBlocks", "source.ip", "remote.ip" ->
                    any("10.0.0.0/30", "10.0.0.2", "10.0.0.4/31", "0.0.0.0/0", "fd00::/16", "::1");
            case "hosts" -> any("Shop.Example", "shop.example:8080", "*.example", "shop*", "*");
            case "methods" -> any("GET", "POST", "P*", "*", "*ET");
            case "paths" ->
                    any(
                            "/a",
                            "/a/*",
                            "/a*",
                            "*/b",
                            "*",
                            "/a/{*}/b",
                            "/{**}/b",
                            "/a/{**}",
                            "/{*}",
                            "/A",
                            "/a.b");
            case "ports", "destination.port" -> any("8080", "80");
            case "connection.sni" -> any("shop.example", "*.example", "Shop.Example", "*");
            default -> any("x", "y", "x*", "*y", "*", "xy");
        };
    }

    SampleRequest request() {
        SampleRequest.Builder builder =
                SampleRequest.http("GET", "/")
                        .method(any("GET", "POST", "PUT"))
                        .path(
                                any(
                                        "/a",
                                        "/a/",
                                        "/a/b",
                                        "/a/x/b",
                                        "/a/x/y/b",
                                        "/b",
                                        "/",
                                        "/A",
                                        "/axb"))
                        .authority(
                                any(
                                        "shop.example",
                                        "SHOP.example:8080",
                                        "blog.example",
                                        "shop",
                                        ""))
                        .destinationPort(oneIn(4) ? 80 : 8080)
                        .sourceIp(any("10.0.0.1", "10.0.0.2", "10.0.0.5", "::1", "fd00::7"))
                        .remoteIp(any("10.0.0.1", "10.0.0.2", "10.0.0.4", "::1"));
        if (!oneIn(4)) {
            builder.peer(
                    new SpiffeId(
                            any("cluster.local", "other"), any("shop", "blog"), any("web", "api")));
        }
        if (oneIn(2)) {
            builder.header("x-a", any("x", "y", "xy", "", "z"));
        }
        if (oneIn(2)) {
            builder.sni(any("shop.example", "SHOP.EXAMPLE", "other"));
        }
        return oneIn(2) ? builder.token(token()).build() : builder.build();
    }

    private VerifiedToken token() {
        Map<String, Object> claims = new LinkedHashMap<>();
        if (oneIn(2)) {
            claims.put(
                    "groups", oneIn(2) ? any("x", "xy") : List.of(any("x", "z"), any("y", "zy")));
        }
        if (oneIn(2)) {
            claims.put("realm", oneIn(4) ? "x" : Map.of("roles", List.of(any("x", "y"), "z")));
        }
        return VerifiedToken.of(
                any("issuer", "other"),
                oneIn(5) ? null : any("ann", "bob"),
                list(0, 2, () -> any("x", "y", "xy")),
                oneIn(2) ? null : any("x", "y"),
                claims);
    }
}
