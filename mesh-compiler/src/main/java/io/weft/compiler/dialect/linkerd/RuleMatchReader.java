package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.yaml.Field;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Matches of HTTPRoutes of {@code policy.linkerd.io}. */
final class RuleMatchReader {

    private static final RuleMatch EVERYTHING =
            new RuleMatch(
                    Match.ALWAYS, Match.ALWAYS, RuleMatch.PathKind.PREFIX, 1, "", 0, 0, false);

    private RuleMatchReader() {}

    static List<RuleMatch> read(Field matches) {
        List<RuleMatch> found = new ArrayList<>();
        matches.items().forEach(item -> found.add(one(item)));
        return found.isEmpty() ? List.of(EVERYTHING) : found;
    }

    private static RuleMatch one(Field item) {
        List<Match> rest = new ArrayList<>();
        List<Field> headers = item.get("headers").items();
        for (Field header : headers) {
            String name = header.get("name").required().toLowerCase(Locale.ROOT);
            value(header).ifPresent(v -> rest.add(new Match.Header(name, anyOfList(v))));
        }
        List<Field> params = item.get("queryParams").items();
        for (Field param : params) {
            String name = param.get("name").required();
            value(param).ifPresent(v -> rest.add(new Match.QueryParam(name, v, true)));
        }
        Optional<String> method = item.get("method").text();
        method.ifPresent(m -> rest.add(new Match.Method(new StringMatch.Exact(m))));
        RuleMatch path = path(item.get("path"));
        return new RuleMatch(
                path.path(),
                Match.allOf(rest),
                path.kind(),
                path.length(),
                path.text(),
                headers.size(),
                params.size(),
                method.isPresent());
    }

    private static RuleMatch path(Field path) {
        if (!path.isPresent()) {
            return EVERYTHING;
        }
        String type = path.get("type").text("PathPrefix");
        String text = path.get("value").text("/");
        return switch (type) {
            case "RegularExpression" -> {
                boolean valid = path.get("value").regex().isPresent();
                yield of(
                        valid ? new Match.Path(new StringMatch.Regex(text)) : Match.NEVER,
                        RuleMatch.PathKind.REGEX,
                        text);
            }
            case "Exact" ->
                    of(
                            new Match.Path(new StringMatch.Exact(absolute(path, text))),
                            RuleMatch.PathKind.EXACT,
                            text);
            default -> {
                if (!type.equals("PathPrefix")) {
                    path.get("type").reportValue(type, "Exact, PathPrefix, RegularExpression");
                }
                String prefix = absolute(path, text);
                prefix = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
                yield prefix.isEmpty()
                        ? EVERYTHING
                        : of(
                                new Match.Path(new StringMatch.PathPrefix(prefix)),
                                RuleMatch.PathKind.PREFIX,
                                prefix);
            }
        };
    }

    private static RuleMatch of(Match match, RuleMatch.PathKind kind, String text) {
        return new RuleMatch(match, Match.ALWAYS, kind, text.length(), text, 0, 0, false);
    }

    private static String absolute(Field path, String text) {
        if (!text.startsWith("/")) {
            path.get("value").reportValue(text, "a path that starts with /");
        }
        return text;
    }

    private static Optional<StringMatch> value(Field item) {
        String type = item.get("type").text("Exact");
        if (type.equals("RegularExpression")) {
            return item.get("value").regex().map(StringMatch.Regex::new);
        }
        if (!type.equals("Exact")) {
            item.get("type").reportValue(type, "Exact, RegularExpression");
        }
        if (!item.get("value").isPresent()) {
            item.get("value").reportMissing();
        }
        return item.get("value").text().map(StringMatch.Exact::new);
    }

    /**
     * One of several values counts. The model joins them by commas, as RFC 9110 allows every proxy
     * on the way to do, so a list is looked into.
     */
    private static StringMatch anyOfList(StringMatch value) {
        String pattern =
                switch (value) {
                    case StringMatch.Regex(var regex) -> "(?:" + regex + ")";
                    case StringMatch.Exact exact ->
                            exact.value().replaceAll("([^A-Za-z0-9])", "\\\\$1");
                    case StringMatch.Prefix _,
                            StringMatch.Suffix _,
                            StringMatch.Contains _,
                            StringMatch.Present _,
                            StringMatch.PathPrefix _,
                            StringMatch.PathTemplate _,
                            StringMatch.OneOf _ ->
                            throw new IllegalStateException("header match: " + value);
                };
        return new StringMatch.OneOf(
                List.of(value, new StringMatch.Regex("(?:.*,)?\\s*" + pattern + "\\s*(?:,.*)?")));
    }
}
