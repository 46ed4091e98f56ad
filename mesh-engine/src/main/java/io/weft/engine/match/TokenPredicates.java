package io.weft.engine.match;

import io.weft.engine.RequestFacts;
import io.weft.engine.VerifiedToken;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tests of the verified tokens: one of them must pass. All are false without one. */
final class TokenPredicates {

    private TokenPredicates() {}

    static RequestPredicate principal(StringPredicate value) {
        return new Principal(value);
    }

    static RequestPredicate audience(StringPredicate value) {
        return new Audience(value);
    }

    static RequestPredicate presenter(StringPredicate value) {
        return new Presenter(value);
    }

    static RequestPredicate claim(List<String> path, StringPredicate value, String issuer) {
        return new Claim(path, value, issuer);
    }

    /** Asks one token after the other. */
    private interface TokenPredicate extends RequestPredicate {

        boolean test(VerifiedToken token);

        @Override
        default boolean test(RequestFacts facts) {
            VerifiedToken token = facts.token();
            if (token == null || test(token)) {
                return token != null;
            }
            List<VerifiedToken> others = token.others();
            for (int i = 0; i < others.size(); i++) {
                if (test(others.get(i))) {
                    return true;
                }
            }
            return false;
        }
    }

    private record Principal(StringPredicate value) implements TokenPredicate {
        @Override
        public boolean test(VerifiedToken token) {
            return testText(value, token.principal());
        }
    }

    private record Audience(StringPredicate value) implements TokenPredicate {
        @Override
        public boolean test(VerifiedToken token) {
            return anyOf(token.audiences(), value);
        }
    }

    private record Presenter(StringPredicate value) implements TokenPredicate {
        @Override
        public boolean test(VerifiedToken token) {
            return testText(value, token.presenter());
        }
    }

    private record Claim(List<String> path, StringPredicate value, String issuer)
            implements TokenPredicate {
        @Override
        public boolean test(VerifiedToken token) {
            return (issuer.isEmpty() || issuer.equals(token.issuer()))
                    && testClaim(token.claim(path));
        }

        private boolean testClaim(@Nullable Object claim) {
            return claim instanceof List<?> list ? anyOf(list, value) : testScalar(value, claim);
        }
    }

    private static boolean anyOf(List<?> values, StringPredicate test) {
        for (int i = 0; i < values.size(); i++) {
            if (testScalar(test, values.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Numbers and booleans are tested in their plain written form; objects never match. */
    private static boolean testScalar(StringPredicate test, @Nullable Object value) {
        return switch (value) {
            case String text -> test.test(text);
            case Boolean flag -> test.test(flag.toString());
            case Double number -> test.test(BigDecimal.valueOf(number).toPlainString());
            case Number number -> test.test(number.toString());
            case null, default -> false;
        };
    }

    private static boolean testText(StringPredicate test, @Nullable String text) {
        return text != null && test.test(text);
    }
}
