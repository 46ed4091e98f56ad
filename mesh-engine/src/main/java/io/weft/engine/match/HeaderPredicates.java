package io.weft.engine.match;

import io.weft.engine.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Tests of headers. Pseudo-headers, and {@code host}, may be named like headers, as in Envoy: they
 * are read from where the request keeps them.
 */
final class HeaderPredicates {

    private HeaderPredicates() {}

    static RequestPredicate compile(String name, StringPredicate value, boolean missingIsEmpty) {
        return switch (name) {
            case ":method" -> new Pseudo(RequestFacts::method, value);
            case ":scheme" -> new Pseudo(RequestFacts::scheme, value);
            case ":authority", "host" -> new Pseudo(RequestFacts::authority, value);
            case ":path" -> new Pseudo(HeaderPredicates::target, value);
            default -> missingIsEmpty ? new OrEmpty(name, value) : new Header(name, value);
        };
    }

    private static String target(RequestFacts facts) {
        String query = facts.query();
        return query == null ? facts.path() : facts.path() + "?" + query;
    }

    @FunctionalInterface
    private interface Subject {
        String of(RequestFacts facts);
    }

    private record Pseudo(Subject subject, StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            return facts.isHttp() && value.test(subject.of(facts));
        }
    }

    private record Header(String name, StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            @Nullable String header = facts.isHttp() ? facts.header(name) : null;
            return header != null && value.test(header);
        }
    }

    private record OrEmpty(String name, StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            if (!facts.isHttp()) {
                return false;
            }
            String header = facts.header(name);
            return value.test(header == null ? "" : header);
        }
    }
}
