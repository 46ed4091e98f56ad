package io.weft.engine.balance;

import io.weft.engine.RandomSource;
import io.weft.engine.RequestFacts;
import io.weft.engine.match.QueryStrings;
import io.weft.model.cluster.LoadBalancing.HashKey;
import org.jspecify.annotations.Nullable;

/** What of a request is hashed, and what of an endpoint. */
final class Hashing {

    private Hashing() {}

    /** By address, so that every proxy puts an endpoint at the same place. */
    static String name(Member member) {
        return member.endpoint().address() + ":" + member.endpoint().port();
    }

    static long hash(
            @Nullable HashKey key, RequestFacts facts, PickOptions options, RandomSource random) {
        if (key == null) {
            return 0;
        }
        if (options.hashKey() != null) {
            return Hash.of(options.hashKey());
        }
        if (key instanceof HashKey.SourceIp) {
            return Hash.of(facts.remoteIp());
        }
        String text = facts.isHttp() ? text(key, facts) : null;
        return text == null ? random.nextLong(Long.MAX_VALUE) : Hash.of(text);
    }

    static @Nullable String text(HashKey key, RequestFacts facts) {
        return switch (key) {
            case HashKey.Header(var name) -> facts.header(name);
            case HashKey.Cookie(var name, var ignoredPath, var ignoredTtl) ->
                    cookie(facts.header("cookie"), name);
            case HashKey.QueryParam(var name) -> QueryStrings.first(facts.query(), name);
            case HashKey.SourceIp() -> null;
        };
    }

    private static @Nullable String cookie(@Nullable String header, String name) {
        if (header == null) {
            return null;
        }
        for (String pair : header.split(";")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                return pair.substring(equals + 1).strip();
            }
        }
        return null;
    }
}
