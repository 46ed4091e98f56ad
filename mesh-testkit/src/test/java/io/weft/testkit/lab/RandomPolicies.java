package io.weft.testkit.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Draws policies of every dialect for the blog's topology of {@link ExplainAgreesTest}. What is
 * drawn depends on the random source only. For one thread.
 */
final class RandomPolicies {

    static final List<String> PATHS =
            List.of(
                    "/",
                    "/api/v1/articles",
                    "/api/v1/users",
                    "/api/v1",
                    "/admin/x",
                    "/static/a.css");

    private final Random random;

    RandomPolicies(Random random) {
        this.random = random;
    }

    /** Documents of one to five policies, each of its own name. */
    String draw() {
        List<Supplier<String>> kinds =
                List.of(
                        this::virtualService,
                        this::authorizationPolicy,
                        this::authorizationPolicy,
                        this::peerAuthentication,
                        this::requestAuthentication,
                        this::destinationRule,
                        this::serviceIntentions,
                        this::trafficTarget,
                        this::trafficSplit,
                        this::linkerdPolicy,
                        this::httpRoute);
        List<String> documents = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            documents.add(kinds.get(random.nextInt(kinds.size())).get().replace("NAME", "p" + i));
        }
        return String.join("---\n", documents);
    }

    String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private String path() {
        return PATHS.get(random.nextInt(PATHS.size()));
    }

    private String service() {
        return one("blog-api", "user-service", "static-files");
    }

    private String some(int most, Supplier<String> item) {
        int count = 1 + random.nextInt(most);
        return "["
                + String.join(", ", IntStream.range(0, count).mapToObj(i -> item.get()).toList())
                + "]";
    }

    private String selector() {
        return oneIn(3) ? "" : "  selector: {matchLabels: {app: " + service() + "}}\n";
    }

    private String virtualService() {
        String host = service();
        StringBuilder routes = new StringBuilder();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            routes.append("  - match: [{").append(match()).append("}]\n").append(action(host));
        }
        if (!oneIn(4)) {
            routes.append("  - route: [{destination: {host: ").append(host).append("}}]\n");
        }
        return "apiVersion: networking.istio.io/v1\nkind: VirtualService\n"
                + "metadata: {name: NAME, namespace: blog}\nspec:\n  hosts: ["
                + host
                + "]\n  http:\n"
                + routes;
    }

    private String match() {
        return switch (random.nextInt(6)) {
            case 0 -> "uri: {exact: " + path() + "}";
            case 1 -> "uri: {prefix: " + path() + "}";
            case 2 -> "uri: {regex: \"" + path() + ".*\"}";
            case 3 -> "headers: {canary: {exact: \"" + one("true", "false") + "\"}}";
            case 4 -> "method: {exact: " + one("GET", "POST") + "}, uri: {prefix: /api}";
            default -> "sourceLabels: {app: blog-frontend}";
        };
    }

    private String action(String host) {
        String forward = "    route: [{destination: {host: " + host + "}}]\n";
        return switch (random.nextInt(7)) {
            case 0 -> "    redirect: {uri: /moved, redirectCode: 302}\n";
            case 1 -> "    directResponse: {status: " + one("418", "503", "299") + "}\n";
            case 2 -> "    rewrite: {uri: " + path() + "}\n" + forward;
            case 3 -> "    fault: {abort: {httpStatus: 555, percentage: {value: 100}}}\n" + forward;
            case 4 ->
                    "    headers: {request: {set: {x-team: "
                            + one("red", "blue")
                            + "}, remove: [canary]}}\n"
                            + forward;
            case 5 ->
                    "    route: [{destination: {host: blog-api, subset: v1, port: {number: 8080}},"
                            + " weight: 60}, {destination: {host: blog-api, subset: v2, port: {number:"
                            + " 8080}}, weight: 40}]\n";
            default -> forward;
        };
    }

    private String destinationRule() {
        String tls =
                oneIn(3)
                        ? "  trafficPolicy: {tls: {mode: " + one("DISABLE", "ISTIO_MUTUAL") + "}}\n"
                        : "";
        return "apiVersion: networking.istio.io/v1\nkind: DestinationRule\n"
                + "metadata: {name: NAME, namespace: blog}\nspec:\n  host: blog-api\n"
                + tls
                + "  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version:"
                + " v2}}]\n";
    }

    private String authorizationPolicy() {
        StringBuilder rules = new StringBuilder();
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            rules.append("  - ").append(rule()).append('\n');
        }
        return "apiVersion: security.istio.io/v1\n"
                + "kind: AuthorizationPolicy\n"
                + "metadata: {name: NAME, namespace: "
                + one("blog", "blog", "istio-system")
                + "}\nspec:\n  action: "
                + one("ALLOW", "DENY", "DENY", "AUDIT")
                + "\n"
                + selector()
                + (rules.isEmpty() ? "" : "  rules:\n" + rules);
    }

    private String rule() {
        List<String> parts = new ArrayList<>();
        if (oneIn(2)) {
            parts.add("from: [{source: {" + source() + "}}]");
        }
        if (oneIn(2)) {
            parts.add("to: [{operation: {" + operation() + "}}]");
        }
        if (oneIn(3)) {
            parts.add("when: [{" + condition() + "}]");
        }
        return "{" + String.join(", ", parts) + "}";
    }

    private String source() {
        String not = oneIn(4) ? "not" : "";
        return switch (random.nextInt(4)) {
            case 0 -> field(not, "namespaces", () -> one("blog", "other", "\"*\""));
            case 1 ->
                    field(
                            not,
                            "principals",
                            () ->
                                    one(
                                            "cluster.local/ns/blog/sa/blog-frontend",
                                            "\"*/sa/curl\"",
                                            "\"*\"",
                                            "\"cluster.local/ns/blog/*\""));
            case 2 -> field(not, "ipBlocks", () -> one("127.0.0.0/8", "10.0.0.0/8"));
            default ->
                    field(
                            not,
                            "requestPrincipals",
                            () -> one("\"*\"", "\"https://auth.example.com/ann\"", "\"x/*\""));
        };
    }

    private String operation() {
        String not = oneIn(4) ? "not" : "";
        return switch (random.nextInt(4)) {
            case 0 ->
                    field(
                            not,
                            "paths",
                            () ->
                                    one(
                                            path(),
                                            "\"/api/*\"",
                                            "\"*.css\"",
                                            "\"/api/{*}/articles\"",
                                            "\"/admin/{**}\""));
            case 1 -> field(not, "methods", () -> one("GET", "POST", "HEAD"));
            case 2 -> field(not, "ports", () -> one("\"8080\"", "\"80\"", "\"9090\""));
            default ->
                    field(
                            not,
                            "hosts",
                            () -> one("\"blog-api*\"", "\"*.cluster.local\"", "static-files"));
        };
    }

    private String field(String not, String name, Supplier<String> item) {
        String written =
                not.isEmpty()
                        ? name
                        : not + Character.toUpperCase(name.charAt(0)) + name.substring(1);
        return written + ": " + some(2, item);
    }

    private String condition() {
        String values = oneIn(4) ? "notValues: " : "values: ";
        return switch (random.nextInt(4)) {
            case 0 -> "key: \"request.headers[canary]\", " + values + "[\"true\"]";
            case 1 -> "key: \"request.auth.claims[role]\", " + values + "[admin]";
            case 2 -> "key: \"request.headers[x-team]\", " + values + "[red]";
            default -> "key: source.namespace, " + values + "[blog]";
        };
    }

    private String peerAuthentication() {
        String port =
                oneIn(4)
                        ? "  selector: {matchLabels: {app: blog-api}}\n"
                                + "  portLevelMtls: {8080: {mode: "
                                + one("STRICT", "PERMISSIVE", "DISABLE")
                                + "}}\n"
                        : selector();
        return "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n"
                + "metadata: {name: NAME, namespace: blog}\nspec:\n"
                + port
                + "  mtls: {mode: "
                + one("STRICT", "PERMISSIVE", "DISABLE", "UNSET")
                + "}\n";
    }

    private String requestAuthentication() {
        return "apiVersion: security.istio.io/v1\nkind: RequestAuthentication\n"
                + "metadata: {name: NAME, namespace: blog}\nspec:\n"
                + selector()
                + "  jwtRules: [{issuer: \"https://auth.example.com\","
                + " jwksUri: \"https://auth.example.com/.well-known/jwks.json\""
                + (oneIn(2) ? ", audiences: [blog-api]" : "")
                + (oneIn(2) ? ", forwardOriginalToken: true" : "")
                + "}]\n";
    }

    private String serviceIntentions() {
        StringBuilder sources = new StringBuilder();
        for (String name : List.of("blog-frontend", "static-files", "\"*\"")) {
            if (oneIn(2)) {
                sources.append("  - {name: ").append(name).append(", ");
                sources.append(
                        oneIn(3)
                                ? "permissions: [{action: "
                                        + one("allow", "deny")
                                        + ", http: {pathPrefix: "
                                        + path()
                                        + "}}]"
                                : "action: " + one("allow", "deny"));
                sources.append("}\n");
            }
        }
        if (sources.isEmpty()) {
            sources.append("  - {name: blog-frontend, action: allow}\n");
        }
        return "apiVersion: consul.hashicorp.com/v1alpha1\nkind: ServiceIntentions\n"
                + "metadata: {name: NAME, namespace: blog}\nspec:\n  destination: {name: "
                + service()
                + "}\n  sources:\n"
                + sources;
    }

    private String trafficTarget() {
        return "apiVersion: specs.smi-spec.io/v1alpha4\nkind: HTTPRouteGroup\n"
                + "metadata: {name: NAME-routes, namespace: blog}\nspec:\n  matches:\n"
                + "  - {name: some, pathRegex: \""
                + path()
                + ".*\", methods: [GET, HEAD]}\n---\n"
                + "apiVersion: access.smi-spec.io/v1alpha3\nkind: TrafficTarget\n"
                + "metadata: {name: NAME, namespace: blog}\nspec:\n"
                + "  destination: {kind: ServiceAccount, name: blog-api, namespace: blog}\n"
                + "  rules: [{kind: HTTPRouteGroup, name: NAME-routes, matches: [some]}]\n"
                + "  sources: [{kind: ServiceAccount, name: "
                + one("blog-frontend, namespace: blog", "curl, namespace: other")
                + "}]\n";
    }

    private String trafficSplit() {
        return "apiVersion: split.smi-spec.io/v1alpha4\nkind: TrafficSplit\n"
                + "metadata: {name: NAME, namespace: blog}\nspec:\n  service: blog-api\n"
                + "  backends: [{service: blog-api, weight: 1}, {service: static-files, weight: "
                + one("0", "1")
                + "}]\n";
    }

    private String linkerdPolicy() {
        return "apiVersion: policy.linkerd.io/v1beta3\n"
                + "kind: Server\n"
                + "metadata: {name: NAME, namespace: blog}\n"
                + "spec:\n"
                + "  podSelector: {matchLabels: {app: "
                + service()
                + "}}\n"
                + "  port: http\n"
                + "  proxyProtocol: HTTP/1\n"
                + "---\n"
                + "apiVersion: policy.linkerd.io/v1alpha1\n"
                + "kind: MeshTLSAuthentication\n"
                + "metadata: {name: NAME, namespace: blog}\n"
                + "spec:\n"
                + "  identityRefs: [{kind: ServiceAccount, name: "
                + one("blog-frontend", "static-files")
                + "}]\n"
                + "---\n"
                + "apiVersion: policy.linkerd.io/v1alpha1\n"
                + "kind: AuthorizationPolicy\n"
                + "metadata: {name: NAME, namespace: blog}\n"
                + "spec:\n"
                + "  targetRef: {group: policy.linkerd.io, kind: Server, name: NAME}\n"
                + "  requiredAuthenticationRefs: [{group: policy.linkerd.io, kind:"
                + " MeshTLSAuthentication, name: NAME}]\n";
    }

    private String httpRoute() {
        String filter =
                switch (random.nextInt(3)) {
                    case 0 ->
                            "    filters: [{type: RequestRedirect, requestRedirect: {statusCode:"
                                    + " 302, path: {type: ReplaceFullPath, replaceFullPath: /x}}}]\n";
                    case 1 ->
                            "    filters: [{type: URLRewrite, urlRewrite: {path: {type:"
                                    + " ReplaceFullPath, replaceFullPath: "
                                    + path()
                                    + "}}}]\n    backendRefs: [{name: blog-api, port: 8080}]\n";
                    default -> "    backendRefs: [{name: blog-api, port: 8080}]\n";
                };
        return "apiVersion: gateway.networking.k8s.io/v1\n"
                + "kind: HTTPRoute\n"
                + "metadata: {name: NAME, namespace: blog}\n"
                + "spec:\n"
                + "  parentRefs: [{group: \"\", kind: Service, name: blog-api, port: 8080}]\n"
                + "  rules:\n"
                + "  - matches: [{path: {type: PathPrefix, value: "
                + path()
                + "}"
                + (oneIn(3) ? ", method: GET" : "")
                + "}]\n"
                + filter
                + (oneIn(2) ? "  - backendRefs: [{name: blog-api, port: 8080}]\n" : "");
    }
}
