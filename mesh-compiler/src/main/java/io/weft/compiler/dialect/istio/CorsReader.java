package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.match.StringMatch;
import io.weft.model.route.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code CorsPolicy}. */
final class CorsReader {

    private CorsReader() {}

    static Optional<Filter> read(Field cors) {
        if (!cors.isPresent()) {
            return Optional.empty();
        }
        List<StringMatch> origins = new ArrayList<>();
        for (Field origin : cors.get("allowOrigins").items()) {
            StringMatches.read(origin, false).ifPresent(origins::add);
        }
        Field legacy = cors.get("allowOrigin");
        if (legacy.isPresent()) {
            legacy.warn(
                    Code.LEGACY_FIELD,
                    "read as allowOrigins with exact values",
                    "write allowOrigins: [{exact: …}]");
            for (String origin : legacy.textItems()) {
                origins.add(
                        origin.equals("*") ? StringMatches.THERE : new StringMatch.Exact(origin));
            }
        }
        String preflights = cors.get("unmatchedPreflights").text("FORWARD");
        return Optional.of(
                new Filter.Cors(
                        origins,
                        cors.get("allowMethods").textItems(),
                        cors.get("allowHeaders").textItems(),
                        cors.get("exposeHeaders").textItems(),
                        cors.get("maxAge").duration().orElse(null),
                        cors.get("allowCredentials").bool(false),
                        !preflights.equals("IGNORE"),
                        cors.origin()));
    }
}
