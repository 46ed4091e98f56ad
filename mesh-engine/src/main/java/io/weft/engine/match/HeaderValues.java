package io.weft.engine.match;

/**
 * How several values of one header are tested. Joined by commas they are one text that equals none
 * of them: whoever sends a second value would slip by a rule that denies the first.
 */
public enum HeaderValues {
    /** As one text. */
    TOGETHER,
    /** As one text, and each by itself: for what denies when it matches. */
    EACH,
    /** The same within a negation only: for what allows when it matches. */
    EACH_WHEN_NEGATED;

    HeaderValues negated() {
        return switch (this) {
            case TOGETHER -> TOGETHER;
            case EACH -> EACH_WHEN_NEGATED;
            case EACH_WHEN_NEGATED -> EACH;
        };
    }

    StringPredicate of(StringPredicate value) {
        return this == EACH ? new One(value) : value;
    }

    private record One(StringPredicate value) implements StringPredicate {
        @Override
        public boolean test(String joined) {
            if (value.test(joined)) {
                return true;
            }
            int comma = joined.indexOf(',');
            for (int from = 0; comma >= 0; from = comma + 1, comma = joined.indexOf(',', from)) {
                if (value.test(joined.substring(from, comma).strip())) {
                    return true;
                }
                if (joined.indexOf(',', comma + 1) < 0) {
                    return value.test(joined.substring(comma + 1).strip());
                }
            }
            return false;
        }
    }
}
