package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.ServiceId;
import io.weft.model.route.Filter;
import io.weft.model.route.HeaderOp;
import io.weft.model.route.PathRewrite;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** HTTPRoutes of {@code policy.linkerd.io}, for Servers and for Services. */
final class RouteReader {

    private RouteReader() {}

    static RouteSpec read(Field root) {
        Field spec = root.get("spec");
        List<RouteSpec.Parent> parents = new ArrayList<>();
        for (Field item : spec.get("parentRefs").items()) {
            String kind = item.get("kind").text("Server");
            item.get("group").text();
            item.get("sectionName").text();
            if (!kind.equals("Server") && !kind.equals("Service")) {
                item.get("kind").reportValue(kind, "Server, Service");
                continue;
            }
            RouteSpec.Parent parent =
                    new RouteSpec.Parent(
                            kind,
                            item.get("namespace").text(root.resource().namespace()),
                            item.get("name").required(),
                            item.get("port").integer(1, 65535, 0),
                            item.origin());
            if (!parent.name().isEmpty() && !parent.namespace().isEmpty()) {
                parents.add(parent);
            }
        }
        if (parents.isEmpty()) {
            spec.get("parentRefs").reportMissing();
        }
        List<HostPattern> hosts =
                spec.get("hostnames").textItems().stream().map(HostPattern::of).toList();
        List<RouteSpec.Rule> rules = new ArrayList<>();
        spec.get("rules").items().forEach(rule -> rules.add(rule(rule)));
        if (rules.isEmpty()) {
            spec.get("rules").reportMissing();
        }
        boolean outbound = parents.stream().anyMatch(p -> p.kind().equals("Service"));
        if (!outbound) {
            reportIdle(spec.get("rules"));
        }
        return new RouteSpec(
                root.resource().namespace(),
                root.resource().name(),
                parents,
                hosts,
                rules,
                ServiceAnnotations.read(root.get("metadata").get("annotations")).orElse(null),
                root.origin());
    }

    /** At a Server a route only decides who may call. */
    private static void reportIdle(Field rules) {
        for (Field rule : rules.items()) {
            rule.get("filters").unsupported("a route at a Server only decides who may call");
            if (rule.get("backendRefs").isPresent()) {
                rule.get("backendRefs").unsupported("a route at a Server forwards nowhere");
            }
        }
    }

    private static RouteSpec.Rule rule(Field rule) {
        rule.get("name").text();
        List<RuleMatch> matches = RuleMatchReader.read(rule.get("matches"));
        List<Filter> filters = new ArrayList<>();
        RouteAction.Redirect redirect = null;
        for (Field filter : rule.get("filters").items()) {
            String type = filter.get("type").required();
            switch (type) {
                case "RequestHeaderModifier" ->
                        filters.add(headers(filter.get("requestHeaderModifier"), true));
                case "ResponseHeaderModifier" ->
                        filters.add(headers(filter.get("responseHeaderModifier"), false));
                case "RequestRedirect" ->
                        redirect = redirect(filter.get("requestRedirect"), matches);
                default -> {
                    filter.accept();
                    filter.get("type")
                            .reportValue(
                                    type,
                                    "RequestHeaderModifier, ResponseHeaderModifier,"
                                            + " RequestRedirect");
                }
            }
        }
        Field timeouts = rule.get("timeouts");
        return new RouteSpec.Rule(
                matches,
                filters,
                redirect,
                backends(rule.get("backendRefs")),
                new Timeouts(positive(timeouts.get("request")), null),
                positive(timeouts.get("backendRequest")),
                rule.origin());
    }

    private static List<RouteSpec.Backend> backends(Field refs) {
        List<RouteSpec.Backend> backends = new ArrayList<>();
        for (Field item : refs.items()) {
            String kind = item.get("kind").text("Service");
            item.get("group").text();
            if (!kind.equals("Service")) {
                item.get("kind").reportValue(kind, "Service");
                continue;
            }
            String namespace = item.get("namespace").text(item.resource().namespace());
            String name = item.get("name").required();
            backends.add(
                    new RouteSpec.Backend(
                            name.isEmpty() || namespace.isEmpty()
                                    ? ""
                                    : new ServiceId(namespace, name).host(),
                            item.get("port").integer(1, 65535, 0),
                            item.get("weight").integer(0, 1_000_000, 1),
                            item.origin()));
            if (item.get("filters").isPresent()) {
                item.get("filters").unsupported("put filters on the rule");
            }
        }
        return backends;
    }

    private static @Nullable Duration positive(Field field) {
        return field.duration().filter(d -> !d.isZero()).orElse(null);
    }

    private static Filter headers(Field modifier, boolean request) {
        List<HeaderOp> ops = new ArrayList<>();
        for (Field item : modifier.get("set").items()) {
            ops.add(new HeaderOp.Set(name(item.get("name")), literal(item.get("value"))));
        }
        for (Field item : modifier.get("add").items()) {
            ops.add(new HeaderOp.Add(name(item.get("name")), literal(item.get("value"))));
        }
        for (Field item : modifier.get("remove").items()) {
            ops.add(new HeaderOp.Remove(name(item)));
        }
        return new Filter.Headers(
                request ? ops : List.of(), request ? List.of() : ops, modifier.origin());
    }

    private static String name(Field field) {
        return field.required().toLowerCase(Locale.ROOT);
    }

    /** The model's values may hold operators, so a percent is doubled. */
    private static String literal(Field field) {
        return field.text("").replace("%", "%%");
    }

    /** One that changes nothing is none. */
    private static RouteAction.@Nullable Redirect redirect(
            Field redirect, List<RuleMatch> matches) {
        String scheme = redirect.get("scheme").text("");
        String host = redirect.get("hostname").text("");
        int port = redirect.get("port").integer(1, 65535, 0);
        int status = redirect.get("statusCode").integer(300, 399, 301);
        PathRewrite path = path(redirect.get("path"), matches);
        if (scheme.isEmpty() && host.isEmpty() && port == 0 && path == null) {
            redirect.warn(
                    Code.INEFFECTIVE_POLICY,
                    "the redirect changes nothing: requests are forwarded",
                    "say where to redirect to, or remove it");
            return null;
        }
        return new RouteAction.Redirect(
                status,
                scheme.isEmpty() ? null : scheme,
                host.isEmpty() ? null : host,
                port == 0 ? null : port,
                path,
                // What replaces the full path replaces its query, too.
                path instanceof PathRewrite.Full);
    }

    private static @Nullable PathRewrite path(Field path, List<RuleMatch> matches) {
        String type = path.get("type").text("");
        switch (type) {
            case "" -> {
                return null;
            }
            case "ReplaceFullPath" -> {
                return new PathRewrite.Full(path.get("replaceFullPath").text("/"));
            }
            case "ReplacePrefixMatch" -> {
                boolean prefixes =
                        matches.stream().allMatch(m -> m.kind() == RuleMatch.PathKind.PREFIX);
                if (!prefixes || matches.size() > 1) {
                    path.error(
                            Code.CONTRADICTION,
                            "ReplacePrefixMatch needs one match, of a PathPrefix",
                            "match a PathPrefix, or use ReplaceFullPath");
                }
                String matched = matches.getFirst().text();
                return new PathRewrite.Prefix(
                        matched.isEmpty() ? "/" : matched,
                        path.get("replacePrefixMatch").text("/"),
                        true);
            }
            default -> {
                path.get("type").reportValue(type, "ReplaceFullPath, ReplacePrefixMatch");
                return null;
            }
        }
    }
}
