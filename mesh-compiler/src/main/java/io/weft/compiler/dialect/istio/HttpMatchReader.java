package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** {@code HTTPMatchRequest}. */
final class HttpMatchReader {

    private static final Set<String> PSEUDO = Set.of("uri", "scheme", "method", "authority");

    private HttpMatchReader() {}

    static HttpMatchSpec read(Field field) {
        field.get("name").accept();
        field.get("statPrefix").unsupported("metrics of single routes are not kept");
        List<Match> all = new ArrayList<>();
        boolean ignoreCase = field.get("ignoreUriCase").bool(false);
        StringMatch uri =
                field.get("uri").isPresent()
                        ? StringMatches.read(field.get("uri"), ignoreCase).orElse(null)
                        : null;
        if (uri != null) {
            all.add(new Match.Path(uri));
        }
        string(field, "method").ifPresent(value -> all.add(new Match.Method(value)));
        string(field, "scheme").ifPresent(value -> all.add(new Match.Scheme(value)));
        string(field, "authority").ifPresent(value -> all.add(new Match.Authority(value)));
        headers(field.get("headers"), all);
        field.get("queryParams")
                .entries()
                .forEach((name, value) ->
                        StringMatches.readOrPresence(value)
                                .ifPresent(m -> all.add(new Match.QueryParam(name, m))));
        withoutHeaders(field.get("withoutHeaders"), all);
        return new HttpMatchSpec(
                GatewayNames.read(field.get("gateways")),
                field.get("sourceLabels").texts(),
                field.get("sourceNamespace").text(""),
                field.get("port").integer(1, 65535, 0),
                uri,
                isEverything(uri) && all.size() == 1 ? Match.ALWAYS : Match.allOf(all));
    }

    private static boolean isEverything(@org.jspecify.annotations.Nullable StringMatch uri) {
        return uri instanceof StringMatch.Prefix prefix && prefix.value().equals("/");
    }

    private static java.util.Optional<StringMatch> string(Field field, String name) {
        Field value = field.get(name);
        return value.isPresent() ? StringMatches.read(value, false) : java.util.Optional.empty();
    }

    private static void headers(Field headers, List<Match> all) {
        headers.entries()
                .forEach((name, value) -> {
                    if (PSEUDO.contains(name)) {
                        value.accept();
                        value.warn(
                                Code.UNSUPPORTED_FIELD,
                                "'" + name + "' is not taken as a header",
                                "use the field " + name + " of the match");
                        return;
                    }
                    StringMatches.readOrPresence(value)
                            .ifPresent(m -> all.add(header(name, m, false)));
                });
    }

    private static void withoutHeaders(Field headers, List<Match> all) {
        headers.entries()
                .forEach((name, value) ->
                        StringMatches.readOrPresence(value)
                                .ifPresent(m ->
                                        // A missing header counts as empty, except
                                        // where presence itself is asked for.
                                        all.add(
                                                new Match.Not(
                                                        header(
                                                                name,
                                                                m,
                                                                m != StringMatches.THERE)))));
    }

    private static Match header(String name, StringMatch value, boolean missingIsEmpty) {
        return new Match.Header(name.toLowerCase(Locale.ROOT), value, missingIsEmpty);
    }
}
