package io.weft.compiler.yaml;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * About how large the program of a regular expression becomes: counted repetitions are written out,
 * so that a short text may need all memory there is.
 */
final class RegexSize {

    /** Steps of a program; what people write has a few hundred. */
    static final long MAX_SIZE = 50_000;

    /** Groups in groups. */
    static final int MAX_DEPTH = 200;

    private static final Pattern REPEAT = Pattern.compile("\\{([0-9]{1,9})(,([0-9]{0,9}))?\\}");

    private RegexSize() {}

    /** Whether it can be compiled without harm; whether it is valid at all is not asked. */
    static boolean isBounded(String regex) {
        if (regex.length() > MAX_SIZE) {
            return false;
        }
        Deque<Long> open = new ArrayDeque<>();
        Matcher repeat = REPEAT.matcher(regex);
        long size = 0; // of the group that is open
        long atom = 0; // of what a repetition would repeat
        for (int i = 0; i < regex.length(); i++) {
            switch (regex.charAt(i)) {
                case '\\' -> {
                    i++;
                    size += 1;
                    atom = 1;
                }
                case '(' -> {
                    open.push(size);
                    size = 0;
                    atom = 0;
                }
                case ')' -> {
                    atom = size + 2;
                    size = (open.isEmpty() ? 0 : open.pop()) + atom;
                }
                case '{' -> {
                    if (repeat.find(i) && repeat.start() == i) {
                        long times = Math.max(number(repeat.group(1)), number(repeat.group(3)));
                        size += atom * Math.max(0, times - 1);
                        atom *= Math.max(1, times);
                        i = repeat.end() - 1;
                    }
                }
                default -> {
                    size += 1;
                    atom = 1;
                }
            }
            if (size > MAX_SIZE || open.size() > MAX_DEPTH) {
                return false;
            }
        }
        return true;
    }

    private static long number(@org.jspecify.annotations.Nullable String text) {
        return text == null || text.isEmpty() ? 1 : Long.parseLong(text);
    }
}
