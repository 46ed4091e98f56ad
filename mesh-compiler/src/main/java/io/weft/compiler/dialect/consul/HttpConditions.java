package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** HTTP conditions of permissions and routes. */
final class HttpConditions {

    private static final StringMatch THERE = new StringMatch.Prefix("");

    private static final Match IS_REQUEST = new Match.Method(THERE);

    /** A connection of which no requests are known. */
    static final Match NO_REQUEST = new Match.Not(IS_REQUEST);

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE");

    private static final List<String> HEADER_FORMS =
            List.of("exact", "prefix", "suffix", "contains", "regex");
    private static final List<String> QUERY_FORMS = List.of("exact", "regex");

    private HttpConditions() {}

    static Match permission(Field http) {
        if (!http.isPresent()) {
            http.reportMissing();
        }
        List<Match> all = new ArrayList<>();
        path(http, false, all);
        headers(http.get("header"), all);
        methods(http.get("methods"), all);
        if (http.isPresent() && all.isEmpty()) {
            http.error(
                    Code.MISSING_FIELD,
                    "no condition (expected: a path, headers or methods)",
                    "say which requests are meant, for example pathPrefix: /");
        }
        // A permission is about requests: without this an inverted header would let others in.
        all.add(IS_REQUEST);
        return Match.allOf(all);
    }

    static Match route(Field http) {
        List<Match> all = new ArrayList<>();
        path(http, http.get("caseInsensitive").bool(false), all);
        headers(http.get("header"), all);
        for (Field query : http.get("queryParam").items()) {
            String name = query.get("name").required();
            all.add(new Match.QueryParam(name, value(query, QUERY_FORMS)));
        }
        methods(http.get("methods"), all);
        return Match.allOf(all);
    }

    private static void path(Field http, boolean ignoreCase, List<Match> all) {
        Field exact = http.get("pathExact");
        Field prefix = http.get("pathPrefix");
        Field regex = http.get("pathRegex");
        if (count(exact) + count(prefix) + count(regex) > 1) {
            http.error(
                    Code.CONTRADICTION,
                    "several of pathExact, pathPrefix and pathRegex (expected: at most one)",
                    "keep one of them");
        }
        absolute(exact);
        absolute(prefix);
        exact.text()
                .filter(t -> !t.isEmpty())
                .ifPresent(t -> all.add(path(new StringMatch.Exact(t, ignoreCase))));
        prefix.text()
                .filter(t -> !t.isEmpty())
                .ifPresent(t -> all.add(path(new StringMatch.Prefix(t, ignoreCase))));
        regex.regex()
                .filter(t -> !t.isEmpty())
                .ifPresent(t -> all.add(path(new StringMatch.Regex(t))));
    }

    private static int count(Field field) {
        return field.text("").isEmpty() ? 0 : 1;
    }

    private static void absolute(Field path) {
        String text = path.text("/");
        if (!text.isEmpty() && !text.startsWith("/")) {
            path.error(
                    Code.INVALID_VALUE, "'" + text + "' doesn't start with '/'", "write /" + text);
        }
    }

    private static Match path(StringMatch value) {
        return new Match.Path(value);
    }

    private static void methods(Field methods, List<Match> all) {
        List<Match> any = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        for (Field item : methods.items()) {
            String method = item.text("").toUpperCase(Locale.ROOT);
            if (!METHODS.contains(method)) {
                item.reportValue(method, String.join(", ", new TreeSet<>(METHODS)));
            } else if (!seen.add(method)) {
                item.error(
                        Code.CONTRADICTION,
                        method + " is there more than once",
                        "remove one of them");
            }
            any.add(new Match.Method(new StringMatch.Exact(method)));
        }
        if (!any.isEmpty()) {
            all.add(Match.anyOf(any));
        }
    }

    private static void headers(Field headers, List<Match> all) {
        for (Field header : headers.items()) {
            String name = header.get("name").required().toLowerCase(Locale.ROOT);
            Match match = new Match.Header(name, value(header, HEADER_FORMS));
            all.add(header.get("invert").bool(false) ? new Match.Not(match) : match);
        }
    }

    private static StringMatch value(Field holder, List<String> forms) {
        boolean ignoreCase = holder.get("ignoreCase").bool(false);
        List<String> written = new ArrayList<>();
        if (holder.get("present").bool(false)) {
            written.add("present");
        }
        forms.stream().filter(form -> count(holder.get(form)) > 0).forEach(written::add);
        if (written.size() != 1) {
            holder.error(
                    Code.CONTRADICTION,
                    (written.isEmpty() ? "none" : String.join(" and ", written))
                            + " (expected: exactly one of present, "
                            + String.join(", ", forms)
                            + ")",
                    "keep one of them");
        }
        String form = written.isEmpty() ? "present" : written.getFirst();
        String text = form.equals("present") ? "" : holder.get(form).text("");
        return switch (form) {
            case "exact" -> new StringMatch.Exact(text, ignoreCase);
            case "prefix" -> new StringMatch.Prefix(text, ignoreCase);
            case "suffix" -> new StringMatch.Suffix(text, ignoreCase);
            case "contains" -> new StringMatch.Contains(text, ignoreCase);
            case "regex" -> new StringMatch.Regex(holder.get(form).regex().orElse(""));
            default -> THERE;
        };
    }
}
