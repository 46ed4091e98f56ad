package io.weft.preview.test;

import io.weft.model.Origin;
import java.util.List;

/**
 * How one case went.
 *
 * @param origin of the case
 * @param mismatches empty when it passed
 * @param decidedBy the line that decided the request's fate
 */
public record TestResult(String name, Origin origin, List<Mismatch> mismatches, Origin decidedBy) {

    public TestResult {
        mismatches = List.copyOf(mismatches);
    }

    public boolean passed() {
        return mismatches.isEmpty();
    }

    /**
     * An expectation that does not hold.
     *
     * @param what the field of {@code expect}
     * @param origin the line of the policy that made it so
     */
    public record Mismatch(String what, String expected, String got, Origin origin) {

        /** {@code decision: denied (expected: allowed), by AuthorizationPolicy x/y file:line}. */
        public String describe() {
            return what + ": " + got + " (expected: " + expected + "), by " + origin.describe();
        }
    }
}
