package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.match.StringMatch;
import io.weft.model.route.Filter;
import io.weft.model.route.Fraction;
import io.weft.model.route.HeaderOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Filters of rules and of backends. */
final class FilterReader {

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Duration CORS_MAX_AGE = Duration.ofSeconds(5);

    private FilterReader() {}

    static List<FilterSpec> read(Field filters) {
        List<FilterSpec> found = new ArrayList<>();
        for (Field filter : filters.items()) {
            String type = filter.get("type").required();
            switch (type) {
                case "RequestHeaderModifier" ->
                        found.add(headers(filter.get("requestHeaderModifier"), true));
                case "ResponseHeaderModifier" ->
                        found.add(headers(filter.get("responseHeaderModifier"), false));
                case "RequestRedirect" -> found.add(redirect(filter.get("requestRedirect")));
                case "URLRewrite" -> found.add(rewrite(filter.get("urlRewrite")));
                case "RequestMirror" -> found.add(mirror(filter.get("requestMirror")));
                case "CORS" -> found.add(cors(filter.get("cors")));
                default -> {
                    filter.accept();
                    filter.warn(
                            Code.NOT_ENFORCED,
                            "filter '"
                                    + type
                                    + "' is not known: requests that it concerns are"
                                    + " answered with 500, since they must not pass without it",
                            "remove it, or use a filter of the API itself");
                    found.add(new FilterSpec.Unknown(type, filter.origin()));
                }
            }
        }
        boolean redirects = found.stream().anyMatch(FilterSpec.Redirect.class::isInstance);
        if (redirects && found.stream().anyMatch(FilterSpec.Rewrite.class::isInstance)) {
            filters.error(
                    Code.CONTRADICTION,
                    "RequestRedirect and URLRewrite exclude each other",
                    "keep one of them");
        }
        return found;
    }

    private static FilterSpec headers(Field modifier, boolean request) {
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
        return new FilterSpec.Ready(
                new Filter.Headers(
                        request ? ops : List.of(), request ? List.of() : ops, modifier.origin()));
    }

    private static String name(Field field) {
        String name = field.required().toLowerCase(Locale.ROOT);
        if (name.equals("host") || name.startsWith(":")) {
            field.error(
                    Code.INVALID_VALUE,
                    "'" + name + "' is no header (expected: a header's name)",
                    "use URLRewrite to change the host");
        }
        return name;
    }

    /** The API's values are literal; the model's may hold operators, so a percent is doubled. */
    private static String literal(Field field) {
        return field.text("").replace("%", "%%");
    }

    private static FilterSpec redirect(Field redirect) {
        int status = redirect.get("statusCode").integer(100, 599, 302);
        if (!REDIRECTS.contains(status)) {
            redirect.get("statusCode")
                    .reportValue(Integer.toString(status), "301, 302, 303, 307, 308");
            status = 302;
        }
        String scheme = redirect.get("scheme").text("");
        if (!Set.of("", "http", "https").contains(scheme)) {
            redirect.get("scheme").reportValue(scheme, "http, https");
        }
        int port = redirect.get("port").integer(1, 65535, 0);
        return new FilterSpec.Redirect(
                status,
                scheme.isEmpty() ? null : scheme,
                hostname(redirect.get("hostname")),
                port == 0 ? null : port,
                path(redirect.get("path")),
                redirect.origin());
    }

    private static @Nullable String hostname(Field field) {
        String host = Hostnames.read(field);
        if (host.startsWith("*")) {
            field.reportValue(host, "a host name without wildcard");
        }
        return host.isEmpty() || host.startsWith("*") ? null : host;
    }

    private static FilterSpec rewrite(Field rewrite) {
        return new FilterSpec.Rewrite(
                path(rewrite.get("path")), hostname(rewrite.get("hostname")), rewrite.origin());
    }

    private static FilterSpec.@Nullable PathChange path(Field path) {
        if (!path.isPresent()) {
            return null;
        }
        String type = path.get("type").required();
        return switch (type) {
            case "ReplaceFullPath" ->
                    new FilterSpec.PathChange(true, path.get("replaceFullPath").text("/"));
            case "ReplacePrefixMatch" ->
                    new FilterSpec.PathChange(false, path.get("replacePrefixMatch").text("/"));
            default -> {
                path.accept();
                if (!type.isEmpty()) {
                    path.get("type").reportValue(type, "ReplaceFullPath, ReplacePrefixMatch");
                }
                yield null;
            }
        };
    }

    private static FilterSpec mirror(Field mirror) {
        Field percent = mirror.get("percent");
        Field fraction = mirror.get("fraction");
        Fraction share = Fraction.ALL;
        if (percent.isPresent() && fraction.isPresent()) {
            percent.error(
                    Code.CONTRADICTION,
                    "percent and fraction exclude each other",
                    "keep one of them");
        } else if (percent.isPresent()) {
            share = Fraction.ofPercent(percent.integer(0, 100, 100));
        } else if (fraction.isPresent()) {
            int numerator = fraction.get("numerator").integer(0, Integer.MAX_VALUE, 0);
            int denominator = fraction.get("denominator").integer(1, Integer.MAX_VALUE, 100);
            if (numerator > denominator) {
                fraction.get("numerator")
                        .error(
                                Code.OUT_OF_RANGE,
                                numerator + " (expected: 0.." + denominator + ")",
                                "write at most the denominator");
            } else {
                share = Fraction.ofPercent(100.0 * numerator / denominator);
            }
        }
        return new FilterSpec.Mirror(
                ObjectRef.read(mirror.get("backendRef"), "Service"), share, mirror.origin());
    }

    private static FilterSpec cors(Field cors) {
        List<StringMatch> origins = new ArrayList<>();
        for (Field origin : cors.get("allowOrigins").items()) {
            origin(origin).ifPresent(origins::add);
        }
        int maxAge = cors.get("maxAge").integer(1, Integer.MAX_VALUE, 0);
        return new FilterSpec.Ready(
                new Filter.Cors(
                        origins,
                        cors.get("allowMethods").textItems(),
                        cors.get("allowHeaders").textItems(),
                        cors.get("exposeHeaders").textItems(),
                        maxAge == 0 ? CORS_MAX_AGE : Duration.ofSeconds(maxAge),
                        cors.get("allowCredentials").bool(false),
                        false,
                        cors.origin()));
    }

    /** {@code *}, a whole origin, or one whose host starts with a wildcard for any labels. */
    private static Optional<StringMatch> origin(Field field) {
        String text = field.text("");
        if (text.equals("*")) {
            return Optional.of(new StringMatch.Prefix(""));
        }
        int host = text.indexOf("://") + 3;
        int star = text.indexOf('*');
        if (host < 4 || star >= 0 && (star != host || text.indexOf('*', star + 1) >= 0)) {
            field.reportValue(text, "*, or SCHEME://HOST with * as the first label at most");
            return Optional.empty();
        }
        if (star < 0) {
            return Optional.of(new StringMatch.Exact(text));
        }
        return Optional.of(
                new StringMatch.Regex(
                        escape(text.substring(0, star)) + ".+" + escape(text.substring(star + 1))));
    }

    private static String escape(String text) {
        return text.replaceAll("([^A-Za-z0-9/])", "\\\\$1");
    }
}
