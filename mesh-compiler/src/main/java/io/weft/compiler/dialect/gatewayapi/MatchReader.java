package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.yaml.Field;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Matches of HTTPRoutes and GRPCRoutes. */
final class MatchReader {

    /** What a rule without matches matches. */
    static final MatchSpec EVERYTHING =
            new MatchSpec(
                    Match.ALWAYS,
                    "",
                    new MatchSpec.Rank(MatchSpec.PathClass.PREFIX, 1, false, 0, 0));

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private MatchReader() {}

    private record PathMatch(
            Match match, @Nullable String prefix, MatchSpec.PathClass kind, int length) {

        static final PathMatch ROOT =
                new PathMatch(Match.ALWAYS, "", MatchSpec.PathClass.PREFIX, 1);
    }

    static List<MatchSpec> http(Field matches) {
        List<MatchSpec> found = new ArrayList<>();
        for (Field item : matches.items()) {
            PathMatch path = path(item.get("path"));
            List<Match> all = new ArrayList<>(List.of(path.match()));
            String method = item.get("method").text("");
            if (!method.isEmpty() && !METHODS.contains(method)) {
                item.get("method").reportValue(method, "a method such as GET or POST");
            }
            if (!method.isEmpty()) {
                all.add(new Match.Method(new StringMatch.Exact(method)));
            }
            int headers = headers(item.get("headers"), all);
            int params = queryParams(item.get("queryParams"), all);
            found.add(
                    new MatchSpec(
                            Match.allOf(all),
                            path.prefix(),
                            new MatchSpec.Rank(
                                    path.kind(),
                                    path.length(),
                                    !method.isEmpty(),
                                    headers,
                                    params)));
        }
        return found.isEmpty() ? List.of(EVERYTHING) : found;
    }

    private static PathMatch path(Field path) {
        if (!path.isPresent()) {
            return PathMatch.ROOT;
        }
        String type = path.get("type").text("PathPrefix");
        Field value = path.get("value");
        if (type.equals("RegularExpression")) {
            return value.regex()
                    .map(regex ->
                            new PathMatch(
                                    new Match.Path(new StringMatch.Regex(regex)),
                                    null,
                                    MatchSpec.PathClass.REGEX,
                                    regex.length()))
                    .orElse(new PathMatch(Match.NEVER, null, MatchSpec.PathClass.REGEX, 0));
        }
        String text = value.text("/");
        if (!text.startsWith("/")
                || text.contains("//")
                || text.contains("/./")
                || text.contains("/../")
                || text.contains("#")) {
            value.reportValue(text, "a path that starts with / and is normalised");
        }
        if (type.equals("Exact")) {
            return new PathMatch(
                    new Match.Path(new StringMatch.Exact(text)),
                    null,
                    MatchSpec.PathClass.EXACT,
                    text.length());
        }
        if (!type.equals("PathPrefix")) {
            path.get("type").reportValue(type, "Exact, PathPrefix, RegularExpression");
        }
        // A trailing slash does not count: /foo/ matches what /foo matches.
        String prefix = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return prefix.isEmpty()
                ? PathMatch.ROOT
                : new PathMatch(
                        new Match.Path(new StringMatch.PathPrefix(prefix)),
                        prefix,
                        MatchSpec.PathClass.PREFIX,
                        prefix.length());
    }

    /** Of several entries for one name the first counts, as the API says. */
    private static int headers(Field headers, List<Match> all) {
        Map<String, Match> byName = new LinkedHashMap<>();
        for (Field item : headers.items()) {
            String name = item.get("name").required().toLowerCase(Locale.ROOT);
            value(item).ifPresent(v -> byName.putIfAbsent(name, new Match.Header(name, v)));
        }
        all.addAll(byName.values());
        return byName.size();
    }

    private static int queryParams(Field params, List<Match> all) {
        Map<String, Match> byName = new LinkedHashMap<>();
        for (Field item : params.items()) {
            String name = item.get("name").required();
            value(item).ifPresent(v -> byName.putIfAbsent(name, new Match.QueryParam(name, v)));
        }
        all.addAll(byName.values());
        return byName.size();
    }

    private static Optional<StringMatch> value(Field item) {
        String type = item.get("type").text("Exact");
        Field value = item.get("value");
        if (type.equals("RegularExpression")) {
            return value.regex().map(StringMatch.Regex::new);
        }
        if (!type.equals("Exact")) {
            item.get("type").reportValue(type, "Exact, RegularExpression");
        }
        if (!value.isPresent()) {
            value.reportMissing();
            return Optional.empty();
        }
        return value.text().map(StringMatch.Exact::new);
    }

    /** gRPC: the path is {@code /SERVICE/METHOD}. */
    static List<MatchSpec> grpc(Field matches) {
        List<MatchSpec> found = new ArrayList<>();
        for (Field item : matches.items()) {
            PathMatch path = rpc(item.get("method"));
            List<Match> all = new ArrayList<>(List.of(path.match()));
            int headers = headers(item.get("headers"), all);
            found.add(
                    new MatchSpec(
                            Match.allOf(all),
                            path.prefix(),
                            new MatchSpec.Rank(path.kind(), path.length(), false, headers, 0)));
        }
        return found.isEmpty() ? List.of(EVERYTHING) : found;
    }

    private static PathMatch rpc(Field method) {
        if (!method.isPresent()) {
            return PathMatch.ROOT;
        }
        boolean regex = method.get("type").text("Exact").equals("RegularExpression");
        String service = rpcPart(method.get("service"), regex);
        String name = rpcPart(method.get("method"), regex);
        if (service.isEmpty() && name.isEmpty()) {
            method.get("service").reportMissing();
            return PathMatch.ROOT;
        }
        int length = service.length() + name.length() + 2;
        if (!regex && !name.isEmpty() && !service.isEmpty()) {
            return new PathMatch(
                    new Match.Path(new StringMatch.Exact("/" + service + "/" + name)),
                    null,
                    MatchSpec.PathClass.EXACT,
                    length);
        }
        if (!regex && name.isEmpty()) {
            return new PathMatch(
                    new Match.Path(new StringMatch.PathPrefix("/" + service)),
                    "/" + service,
                    MatchSpec.PathClass.PREFIX,
                    length);
        }
        String any = "[^/]+";
        String pattern =
                "/"
                        + (service.isEmpty() ? any : group(service, regex))
                        + "/"
                        + (name.isEmpty() ? any : group(name, regex));
        return new PathMatch(
                new Match.Path(new StringMatch.Regex(pattern)),
                null,
                MatchSpec.PathClass.REGEX,
                length);
    }

    private static String group(String part, boolean regex) {
        return regex ? "(?:" + part + ")" : part.replace(".", "\\.");
    }

    private static String rpcPart(Field field, boolean regex) {
        if (regex) {
            return field.regex().orElse("");
        }
        String text = field.text("");
        if (!text.matches("[A-Za-z0-9_.]*")) {
            field.reportValue(text, "a gRPC service or method name");
            return "";
        }
        return text;
    }
}
