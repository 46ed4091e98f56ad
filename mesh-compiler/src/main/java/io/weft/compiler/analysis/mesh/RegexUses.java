package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.mesh.RegexUse.Reading;
import io.weft.compiler.analysis.mesh.RegexUse.Syntax;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the regular expressions of every dialect. For one run. */
final class RegexUses {

    private static final String CONSUL = "consul.hashicorp.com";
    private static final String LINKERD_POLICY = "policy.linkerd.io";

    /** {@code Service.Meta.version matches "v[12]"} of go-bexpr. */
    private static final Pattern MATCHES =
            Pattern.compile("\\bmatches\\s+(?:\"((?:[^\"\\\\]|\\\\.){0,500})\"|`([^`]{0,500})`)");

    private final MeshView mesh;
    private final List<RegexUse> found = new ArrayList<>();

    RegexUses(MeshView mesh) {
        this.mesh = mesh;
    }

    List<RegexUse> all() {
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            root.get("spec").get("http").items().forEach(this::istio);
        }
        for (String kind : List.of("HTTPRoute", "GRPCRoute")) {
            mesh.all(MeshView.GATEWAY_API, kind)
                    .forEach(root -> rules(root, "Gateway API", Syntax.RE2));
            mesh.all(LINKERD_POLICY, kind).forEach(root -> rules(root, "Linkerd", Syntax.RUST));
        }
        for (Field root : mesh.all("linkerd.io", "ServiceProfile")) {
            for (Field route : root.get("spec").get("routes").items()) {
                condition(route.get("condition"));
            }
        }
        mesh.all("specs.smi-spec.io", "HTTPRouteGroup").forEach(this::smi);
        for (Field root : mesh.all(CONSUL, "ServiceRouter")) {
            for (Field route : root.get("spec").get("routes").items()) {
                consul(route.get("match").get("http"));
            }
        }
        for (Field root : mesh.all(CONSUL, "ServiceIntentions")) {
            for (Field source : root.get("spec").get("sources").items()) {
                for (Field permission : source.get("permissions").items()) {
                    consul(permission.get("http"));
                }
            }
        }
        for (Field root : mesh.all(CONSUL, "ServiceResolver")) {
            root.get("spec").get("subsets").entries().values().forEach(this::filter);
        }
        return found;
    }

    private void add(Field at, String dialect, Syntax syntax, Reading reading, boolean asciiOnly) {
        String text = at.loose().orElse("");
        if (!text.isEmpty()) {
            found.add(new RegexUse(at, text, dialect, syntax, reading, asciiOnly));
        }
    }

    private void istio(Field route) {
        for (Field match : route.get("match").items()) {
            for (String name : List.of("uri", "scheme", "method", "authority")) {
                envoy(match.get(name).get("regex"), true);
            }
            for (String name : List.of("headers", "withoutHeaders", "queryParams")) {
                match.get(name).entries().values().forEach(v -> envoy(v.get("regex"), false));
            }
        }
        for (Field origin : route.get("corsPolicy").get("allowOrigins").items()) {
            envoy(origin.get("regex"), true);
        }
    }

    private void envoy(Field regex, boolean asciiOnly) {
        // A star alone asks for presence.
        if (!regex.loose().orElse("").equals("*")) {
            add(regex, "Istio", Syntax.RE2, Reading.WHOLE, asciiOnly);
        }
    }

    private void rules(Field root, String dialect, Syntax syntax) {
        for (Field rule : root.get("spec").get("rules").items()) {
            for (Field match : rule.get("matches").items()) {
                typed(match.get("path"), "value", dialect, syntax, true);
                typed(match.get("method"), "service", dialect, syntax, true);
                typed(match.get("method"), "method", dialect, syntax, true);
                for (String list : List.of("headers", "queryParams")) {
                    match.get(list)
                            .items()
                            .forEach(item -> typed(item, "value", dialect, syntax, false));
                }
            }
        }
    }

    private void typed(
            Field match, String member, String dialect, Syntax syntax, boolean asciiOnly) {
        if (match.isMapping() && match.get("type").text("").equals("RegularExpression")) {
            add(match.get(member), dialect, syntax, Reading.WHOLE, asciiOnly);
        }
    }

    private void condition(Field condition) {
        add(condition.get("pathRegex"), "Linkerd", Syntax.RUST, Reading.WHOLE, true);
        condition.get("not").ifPresent(this::condition);
        for (String list : List.of("all", "any")) {
            condition.get(list).items().forEach(this::condition);
        }
    }

    private void smi(Field root) {
        Field matches =
                root.get("matches").isPresent()
                        ? root.get("matches")
                        : root.get("spec").get("matches");
        for (Field match : matches.items()) {
            add(match.get("pathRegex"), "SMI", Syntax.RE2, Reading.START, true);
            Field headers = match.get("headers");
            for (Field map : headers.isList() ? headers.items() : List.of(headers)) {
                map.entries()
                        .values()
                        .forEach(v -> add(v, "SMI", Syntax.RE2, Reading.WHOLE, false));
            }
        }
    }

    private void consul(Field http) {
        add(http.get("pathRegex"), "Consul", Syntax.RE2, Reading.WHOLE, true);
        for (String list : List.of("header", "queryParam")) {
            http.get(list)
                    .items()
                    .forEach(item ->
                            add(item.get("regex"), "Consul", Syntax.RE2, Reading.WHOLE, false));
        }
    }

    private void filter(Field subset) {
        Field filter = subset.get("filter");
        Matcher matcher = MATCHES.matcher(filter.text(""));
        while (matcher.find()) {
            String text = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            found.add(
                    new RegexUse(
                            filter, text, "Consul's filters", Syntax.GO, Reading.ANYWHERE, true));
        }
    }
}
