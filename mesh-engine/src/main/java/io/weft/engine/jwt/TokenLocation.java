package io.weft.engine.jwt;

import io.weft.engine.AsciiCase;
import io.weft.engine.RequestFacts;
import io.weft.engine.match.QueryStrings;
import io.weft.model.authz.JwtRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place in a request where a token may stand. */
sealed interface TokenLocation {

    TokenLocation BEARER = new Header("authorization", "Bearer ");
    TokenLocation ACCESS_TOKEN = new Param("access_token");

    /** The token as it stands there; null when there is none. */
    @Nullable String find(RequestFacts facts);

    /** Where a rule looks. */
    static List<TokenLocation> of(JwtRule rule) {
        if (rule.headers().isEmpty() && rule.params().isEmpty() && rule.cookies().isEmpty()) {
            return List.of(BEARER, ACCESS_TOKEN);
        }
        List<TokenLocation> locations = new ArrayList<>();
        rule.headers()
                .forEach(h -> locations.add(new Header(AsciiCase.lower(h.name()), h.prefix())));
        rule.params().forEach(p -> locations.add(new Param(p)));
        rule.cookies().forEach(c -> locations.add(new Cookie(c)));
        return locations;
    }

    /**
     * A header; the case of the prefix does not count (RFC 9110 §11.1), so that {@code bearer …} is
     * not a way around the check.
     */
    record Header(String name, String prefix) implements TokenLocation {
        @Override
        public @Nullable String find(RequestFacts facts) {
            String value = facts.header(name);
            if (value == null || !AsciiCase.regionEquals(value, 0, prefix)) {
                return null;
            }
            return value.substring(prefix.length()).strip();
        }
    }

    record Param(String name) implements TokenLocation {
        @Override
        public @Nullable String find(RequestFacts facts) {
            String value = QueryStrings.first(facts.query(), name);
            // A parameter given twice is not one token; its join is refused as malformed.
            return value != null && QueryStrings.count(facts.query(), name) > 1
                    ? value + ","
                    : value;
        }
    }

    record Cookie(String name) implements TokenLocation {
        @Override
        public @Nullable String find(RequestFacts facts) {
            String cookies = facts.header("cookie");
            return cookies == null ? null : Cookies.find(cookies, name);
        }
    }
}
