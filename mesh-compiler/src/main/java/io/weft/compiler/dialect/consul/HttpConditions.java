package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** HTTP conditions of permissions and routes. */
final class HttpConditions {

    private static final StringMatch THERE = new StringMatch.Prefix("");

    private HttpConditions() {}

    static Match permission(Field http) {
        if (!http.isPresent()) {
            http.reportMissing();
        }
        List<Match> all = new ArrayList<>();
        path(http, false, all);
        headers(http.get("header"), all);
        methods(http.get("methods"), all);
        // A permission is about requests: without this an inverted header would let others in.
        all.add(new Match.Method(THERE));
        return Match.allOf(all);
    }

    static Match route(Field http) {
        List<Match> all = new ArrayList<>();
        path(http, http.get("caseInsensitive").bool(false), all);
        headers(http.get("header"), all);
        for (Field query : http.get("queryParam").items()) {
            String name = query.get("name").required();
            all.add(new Match.QueryParam(name, value(query)));
        }
        methods(http.get("methods"), all);
        return Match.allOf(all);
    }

    private static void path(Field http, boolean ignoreCase, List<Match> all) {
        Field exact = http.get("pathExact");
        Field prefix = http.get("pathPrefix");
        Field regex = http.get("pathRegex");
        int forms =
                (exact.isPresent() ? 1 : 0)
                        + (prefix.isPresent() ? 1 : 0)
                        + (regex.isPresent() ? 1 : 0);
        if (forms > 1) {
            http.error(
                    Code.CONTRADICTION,
                    "several of pathExact, pathPrefix and pathRegex (expected: one)",
                    "keep one of them");
        }
        exact.text().ifPresent(t -> all.add(path(new StringMatch.Exact(t, ignoreCase))));
        prefix.text().ifPresent(t -> all.add(path(new StringMatch.Prefix(t, ignoreCase))));
        regex.regex().ifPresent(t -> all.add(path(new StringMatch.Regex(t))));
    }

    private static Match path(StringMatch value) {
        return new Match.Path(value);
    }

    private static void methods(Field methods, List<Match> all) {
        List<Match> any = new ArrayList<>();
        for (String method : methods.textItems()) {
            any.add(new Match.Method(new StringMatch.Exact(method.toUpperCase(Locale.ROOT))));
        }
        if (!any.isEmpty()) {
            all.add(Match.anyOf(any));
        }
    }

    private static void headers(Field headers, List<Match> all) {
        for (Field header : headers.items()) {
            String name = header.get("name").required().toLowerCase(Locale.ROOT);
            Match match = new Match.Header(name, value(header));
            all.add(header.get("invert").bool(false) ? new Match.Not(match) : match);
        }
    }

    private static StringMatch value(Field holder) {
        boolean ignoreCase = holder.get("ignoreCase").bool(false);
        holder.get("present").bool(false);
        for (String form : List.of("exact", "prefix", "suffix", "contains", "regex")) {
            Field field = holder.get(form);
            if (!field.isPresent()) {
                continue;
            }
            String text = form.equals("regex") ? field.regex().orElse("") : field.text("");
            return switch (form) {
                case "exact" -> new StringMatch.Exact(text, ignoreCase);
                case "prefix" -> new StringMatch.Prefix(text, ignoreCase);
                case "suffix" -> new StringMatch.Suffix(text, ignoreCase);
                case "contains" -> new StringMatch.Contains(text, ignoreCase);
                default -> new StringMatch.Regex(text);
            };
        }
        return THERE;
    }
}
