package io.weft.engine.match;

import io.weft.engine.match.PositionAutomaton.CharSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads literals, classes, groups, alternatives and quantifiers of an expression that RE2 accepts,
 * and gives up at anything else. For one parse.
 */
final class PositionParser {

    private static final int REPEATS_MAX = 32;
    private static final CharSet DIGIT = new CharSet("09", false);
    private static final CharSet WORD = new CharSet("09AZaz__", false);
    private static final CharSet SPACE = new CharSet("\t\n\f\r  ", false);
    private static final CharSet LINE = new CharSet("\n\n", true);
    private static final CharSet EVERYTHING = new CharSet("", true);

    private final String pattern;
    private final CharSet[] chars = new CharSet[PositionAutomaton.POSITIONS_MAX];
    private final long[] follow = new long[PositionAutomaton.POSITIONS_MAX];
    private int positions;
    private int at;
    private boolean dotIsAll;

    PositionParser(String pattern) {
        this.pattern = pattern;
    }

    /** What only RE2 understands. */
    private static final class NotForUs extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotForUs() {
            super("not for us", null, false, false);
        }
    }

    /** A part of the expression: with which positions it may begin and end. */
    private record Part(long first, long last, boolean mayBeEmpty) {
        static final Part NOTHING = new Part(0, 0, true);
    }

    @Nullable PositionAutomaton parse() {
        try {
            at = pattern.startsWith("^") ? 1 : 0; // the whole text must match anyway
            Part whole = alternatives(0);
            if (at < pattern.length()) {
                return null;
            }
            return new PositionAutomaton(
                    Arrays.copyOf(chars, positions),
                    Arrays.copyOf(follow, positions),
                    whole.first,
                    whole.last,
                    whole.mayBeEmpty);
        } catch (NotForUs e) {
            return null;
        }
    }

    private boolean ahead(String text) {
        return pattern.startsWith(text, at);
    }

    private char next() {
        if (at >= pattern.length()) {
            throw new NotForUs();
        }
        char c = pattern.charAt(at++);
        if (Character.isSurrogate(c)) {
            throw new NotForUs();
        }
        return c;
    }

    private Part alternatives(int depth) {
        Part all = sequence(depth);
        while (ahead("|")) {
            at++;
            Part other = sequence(depth);
            all =
                    new Part(
                            all.first | other.first,
                            all.last | other.last,
                            all.mayBeEmpty || other.mayBeEmpty);
        }
        return all;
    }

    private Part sequence(int depth) {
        Part all = Part.NOTHING;
        while (at < pattern.length() && !ahead("|") && !ahead(")")) {
            if (depth == 0 && ahead("$") && at == pattern.length() - 1) {
                at++; // the whole text must match anyway
                break;
            }
            all = join(all, quantified(depth));
        }
        return all;
    }

    private Part join(Part one, Part other) {
        link(one.last, other.first);
        return new Part(
                one.first | (one.mayBeEmpty ? other.first : 0),
                other.last | (other.mayBeEmpty ? one.last : 0),
                one.mayBeEmpty && other.mayBeEmpty);
    }

    private void link(long from, long to) {
        for (long rest = from; rest != 0; rest &= rest - 1) {
            follow[Long.numberOfTrailingZeros(rest)] |= to;
        }
    }

    private Part quantified(int depth) {
        int start = at;
        Part atom = atom(depth);
        if (at >= pattern.length()) {
            return atom;
        }
        Part result;
        switch (pattern.charAt(at)) {
            case '*' -> result = repeat(atom, true);
            case '+' -> result = repeat(atom, atom.mayBeEmpty);
            case '?' -> result = new Part(atom.first, atom.last, true);
            case '{' -> result = counted(atom, start, depth);
            default -> {
                return atom;
            }
        }
        at++;
        if (ahead("?")) {
            at++; // lazy or not, the same texts match
        }
        if (at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
            throw new NotForUs();
        }
        return result;
    }

    private Part repeat(Part atom, boolean mayBeEmpty) {
        link(atom.last, atom.first);
        return new Part(atom.first, atom.last, mayBeEmpty);
    }

    /** Copies of the atom, made by reading it again; ends at the closing brace. */
    private Part counted(Part atom, int start, int depth) {
        int close = pattern.indexOf('}', at);
        String[] bounds = pattern.substring(at + 1, Math.max(at + 1, close)).split(",", -1);
        int least = number(bounds[0]);
        boolean open = bounds.length == 2 && bounds[1].isEmpty();
        int most = bounds.length == 1 ? least : open ? Math.max(1, least) : number(bounds[1]);
        if (bounds.length > 2 || most == 0 || most < least) {
            throw new NotForUs();
        }
        Part all = Part.NOTHING;
        for (int i = 0; i < most; i++) {
            Part copy = atom;
            if (i > 0) {
                at = start;
                copy = atom(depth);
            }
            if (open && i == most - 1) {
                copy = repeat(copy, copy.mayBeEmpty);
            }
            if (i >= least) {
                copy = new Part(copy.first, copy.last, true);
            }
            all = join(all, copy);
        }
        at = close;
        return all;
    }

    private static int number(String text) {
        boolean plain = !text.isEmpty() && text.length() <= 2;
        for (int i = 0; i < text.length(); i++) {
            plain &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        int number = plain ? Integer.parseInt(text) : REPEATS_MAX + 1;
        if (number > REPEATS_MAX) {
            throw new NotForUs();
        }
        return number;
    }

    private Part atom(int depth) {
        char c = next();
        return switch (c) {
            case '(' -> group(depth);
            case '[' -> position(bracket());
            case '.' -> position(dotIsAll ? EVERYTHING : LINE);
            case '\\' -> position(escape());
            case '^', '$', '*', '+', '?', '{', '}', ']', ')' -> throw new NotForUs();
            default -> position(one(c));
        };
    }

    private Part group(int depth) {
        boolean before = dotIsAll;
        if (ahead("?s:")) {
            at += 3;
            dotIsAll = true;
        } else if (ahead("?:")) {
            at += 2;
        } else if (ahead("?")) {
            throw new NotForUs();
        }
        Part inside = alternatives(depth + 1);
        dotIsAll = before;
        if (next() != ')') {
            throw new NotForUs();
        }
        return inside;
    }

    private Part position(CharSet set) {
        if (positions == PositionAutomaton.POSITIONS_MAX) {
            throw new NotForUs();
        }
        chars[positions] = set;
        long bit = 1L << positions++;
        return new Part(bit, bit, false);
    }

    private static CharSet one(char c) {
        return new CharSet("" + c + c, false);
    }

    private CharSet escape() {
        char c = next();
        return switch (c) {
            case 'd' -> DIGIT;
            case 'w' -> WORD;
            case 's' -> SPACE;
            case 'D' -> new CharSet(DIGIT.bounds(), true);
            case 'W' -> new CharSet(WORD.bounds(), true);
            case 'S' -> new CharSet(SPACE.bounds(), true);
            default -> one(literal(c));
        };
    }

    /** An escaped character that stands for itself, or for a white space. */
    private static char literal(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            default -> {
                if (c >= 128 || Character.isLetterOrDigit(c)) {
                    throw new NotForUs();
                }
                yield c;
            }
        };
    }

    private CharSet bracket() {
        boolean negated = ahead("^");
        at += negated ? 1 : 0;
        StringBuilder bounds = new StringBuilder();
        for (boolean begun = false; !begun || !ahead("]"); begun = true) {
            if (ahead("[") || (ahead("-") && !begun)) {
                throw new NotForUs(); // named classes, and what is written to be misread
            }
            char from = next();
            if (from == '\\') {
                CharSet escaped = escape();
                if (escaped.negated()) {
                    throw new NotForUs();
                }
                bounds.append(escaped.bounds());
                if (ahead("-")) {
                    throw new NotForUs();
                }
                continue;
            }
            if (ahead("-") && !ahead("-]")) {
                at++;
                char to = next();
                if (to == '\\' || to == '[') {
                    throw new NotForUs();
                }
                bounds.append(from).append(to);
            } else {
                bounds.append(from).append(from);
            }
        }
        at++;
        return new CharSet(bounds.toString(), negated);
    }
}
