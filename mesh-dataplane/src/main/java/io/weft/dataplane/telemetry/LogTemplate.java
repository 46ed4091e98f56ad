package io.weft.dataplane.telemetry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text with Envoy's command operators, {@code %NAME(argument):length%}, cut into pieces once.
 * Values are escaped, so that no request can forge a line or a field.
 */
final class LogTemplate {

    private static final int ASCII = 128;
    private static final int END_OF_CONTROLS = 0xa0;

    /** Most characters of a log are ASCII: one look instead of a row of comparisons. */
    private static final boolean[] ESCAPED = escaped();

    private final Piece[] pieces;
    private final boolean settled;

    private record Piece(String literal, @Nullable LogValue value, boolean safe) {

        Piece(String literal, @Nullable LogValue value) {
            this(literal, value, value instanceof LogValue.Safe);
        }
    }

    private static boolean[] escaped() {
        boolean[] table = new boolean[ASCII];
        for (char c = 0; c < ASCII; c++) {
            table[c] = c == '"' || c == '\\' || isControl(c);
        }
        return table;
    }

    private LogTemplate(List<Piece> pieces, boolean settled) {
        this.pieces = pieces.toArray(Piece[]::new);
        this.settled = settled;
    }

    /**
     * Compiles a template.
     *
     * @throws IllegalArgumentException for an operator that does not exist or has no end
     */
    static LogTemplate compile(String template) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        boolean settled = true;
        while (at < template.length()) {
            char c = template.charAt(at);
            if (c != '%') {
                literal.append(c);
                at++;
            } else if (template.startsWith("%%", at)) {
                literal.append('%');
                at += 2;
            } else {
                int end = end(template, at);
                String operator = template.substring(at + 1, end);
                LogValue value = LogOperators.compile(operator);
                settled &= LogOperators.settled(operator);
                pieces.add(new Piece(literal.toString(), value));
                literal.setLength(0);
                at = end + 1;
            }
        }
        if (!literal.isEmpty() || pieces.isEmpty()) {
            pieces.add(new Piece(literal.toString(), null));
        }
        return new LogTemplate(pieces, settled);
    }

    /** The percent sign that ends an operator; those within parentheses belong to its argument. */
    private static int end(String template, int start) {
        int inside = 0;
        for (int i = start + 1; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '(') {
                inside++;
            } else if (c == ')') {
                inside--;
            } else if (c == '%' && inside <= 0) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "access log format: '" + template.substring(start) + "' (expected: a closing %)");
    }

    /** Whether the text is the same when it is made later, by another thread. */
    boolean settled() {
        return settled;
    }

    /** The operator when the template is nothing else, so that JSON keeps its type; else null. */
    @Nullable LogValue single() {
        return pieces.length == 1 && pieces[0].literal().isEmpty() ? pieces[0].value() : null;
    }

    /**
     * The text with values as they are, for formats that escape what they write: twice would be
     * wrong.
     */
    String text(ExchangeView exchange) {
        StringBuilder out = new StringBuilder();
        for (Piece piece : pieces) {
            out.append(piece.literal());
            LogValue operator = piece.value();
            if (operator != null) {
                Object value = operator.of(exchange);
                out.append(value == null ? "-" : value);
            }
        }
        return out.toString();
    }

    void appendTo(StringBuilder out, ExchangeView exchange) {
        for (Piece piece : pieces) {
            out.append(piece.literal());
            LogValue operator = piece.value();
            if (operator != null) {
                Object value = operator.of(exchange);
                if (value == null) {
                    out.append('-');
                } else if (value instanceof Long number) {
                    out.append(number.longValue());
                } else if (piece.safe()) {
                    out.append(value);
                } else if (value instanceof CharSequence text) {
                    escape(out, text);
                } else {
                    out.append(value);
                }
            }
        }
    }

    private static void escape(StringBuilder out, CharSequence characters) {
        String text = characters.toString();
        int length = text.length();
        int plain = 0;
        while (plain < length && !needsEscape(text.charAt(plain))) {
            plain++;
        }
        if (plain == length) {
            out.append(text);
            return;
        }
        out.append(text, 0, plain);
        for (int i = plain; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (isControl(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
    }

    private static boolean needsEscape(char c) {
        return c < ASCII ? ESCAPED[c] : c < END_OF_CONTROLS || c == '\u2028' || c == '\u2029';
    }

    /** Control characters, and the other characters that some readers take for a line's end. */
    static boolean isControl(char c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }
}
