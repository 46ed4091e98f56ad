package io.weft.engine.match;

import org.jspecify.annotations.Nullable;

/**
 * A regular expression as the automaton of its positions (Glushkov's construction): those that are
 * reached are the bits of a long, so that a text is tested in one pass and nothing is allocated. It
 * takes the part of RE2 in which policies are written; {@link #of} leaves the rest to RE2 itself.
 * Immutable.
 */
final class PositionAutomaton {

    /** As many as a long has bits. */
    static final int POSITIONS_MAX = 64;

    private static final int ASCII = 128;

    private final CharSet[] chars;
    private final long[] follow;
    private final long[] ascii = new long[ASCII];
    private final long first;
    private final long last;
    private final boolean acceptsNothing;

    PositionAutomaton(
            CharSet[] chars, long[] follow, long first, long last, boolean acceptsNothing) {
        this.chars = chars;
        this.follow = follow;
        this.first = first;
        this.last = last;
        this.acceptsNothing = acceptsNothing;
        for (char c = 0; c < ASCII; c++) {
            ascii[c] = scan(c);
        }
    }

    /**
     * The automaton of an expression that RE2 accepts, of which the whole text must be a match;
     * null when it uses what only RE2 understands, or has too many positions.
     */
    static @Nullable PositionAutomaton of(String pattern) {
        return new PositionParser(pattern).parse();
    }

    /** Whether every character is one of the basic plane, so that this may be asked. */
    static boolean isReadable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the whole text matches. */
    boolean accepts(String text) {
        if (text.isEmpty()) {
            return acceptsNothing;
        }
        long reached = first & matching(text.charAt(0));
        for (int i = 1; i < text.length() && reached != 0; i++) {
            long next = 0;
            for (long rest = reached; rest != 0; rest &= rest - 1) {
                next |= follow[Long.numberOfTrailingZeros(rest)];
            }
            reached = next & matching(text.charAt(i));
        }
        return (reached & last) != 0;
    }

    private long matching(char c) {
        return c < ASCII ? ascii[c] : scan(c);
    }

    private long scan(char c) {
        long found = 0;
        for (int i = 0; i < chars.length; i++) {
            if (chars[i].contains(c)) {
                found |= 1L << i;
            }
        }
        return found;
    }

    /**
     * Characters by ranges.
     *
     * @param bounds first and last of each range in turn
     */
    record CharSet(String bounds, boolean negated) {

        boolean contains(char c) {
            for (int i = 0; i < bounds.length(); i += 2) {
                if (c >= bounds.charAt(i) && c <= bounds.charAt(i + 1)) {
                    return !negated;
                }
            }
            return negated;
        }
    }
}
