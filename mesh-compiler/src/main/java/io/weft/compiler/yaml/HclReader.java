package io.weft.compiler.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * HCL 1, the configuration language of Consul, as the tree that YAML gives: {@code key = value} is
 * a member, {@code block "label" { … }} a mapping below its labels; a block without labels that is
 * there several times is a list. Expressions do not exist in HCL 1. For one thread and one text.
 *
 * @see <a href="https://github.com/hashicorp/hcl/tree/hcl1">HCL 1</a>
 */
final class HclReader {

    private static final int MAX_DEPTH = 50;

    /** The text is no HCL. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        final int line;

        Malformed(int line, String message) {
            super(message);
            this.line = line;
        }
    }

    private final String text;
    private int at;
    private int line;
    private int lineStart;
    private int depth;

    private HclReader(String text, int lineOffset) {
        this.text = text;
        this.line = 1 + lineOffset;
    }

    /**
     * Reads a text.
     *
     * @param lineOffset lines of the file before its first
     */
    static YamlNode.Mapping read(String text, int lineOffset) throws Malformed {
        HclReader reader = new HclReader(text, lineOffset);
        YamlNode.Mapping body = reader.body(false);
        if (reader.at < text.length()) {
            throw reader.malformed("'" + text.charAt(reader.at) + "' (expected: a key)");
        }
        return body;
    }

    private YamlNode.Mapping body(boolean closed) throws Malformed {
        if (++depth > MAX_DEPTH) {
            throw malformed("nested too deeply (expected: at most " + MAX_DEPTH + " levels)");
        }
        int line = this.line;
        int column = column();
        Map<String, YamlNode.Entry> members = new LinkedHashMap<>();
        skip();
        while (at < text.length() && text.charAt(at) != '}') {
            item(members);
            skip();
            if (at < text.length() && text.charAt(at) == ',') {
                at++;
                skip();
            }
        }
        if (closed) {
            expect('}');
        }
        depth--;
        return new YamlNode.Mapping(members, line, column);
    }

    private void item(Map<String, YamlNode.Entry> members) throws Malformed {
        int line = this.line;
        int column = column();
        String key = key();
        skip();
        char next = peek();
        if (next == '=' || next == ':') {
            at++;
            skip();
            members.put(key, new YamlNode.Entry(value(), line, column));
            return;
        }
        List<String> labels = new ArrayList<>();
        while (peek() == '"') {
            labels.add(string());
            skip();
        }
        expect('{');
        YamlNode value = body(true);
        for (String label : labels.reversed()) {
            Map<String, YamlNode.Entry> one = new LinkedHashMap<>();
            one.put(label, new YamlNode.Entry(value, line, column));
            value = new YamlNode.Mapping(one, line, column);
        }
        YamlNode.Entry before = members.get(key);
        YamlNode united = before == null ? value : united(before.value(), value, !labels.isEmpty());
        members.put(key, new YamlNode.Entry(united, line, column));
    }

    /** Labels are names in one mapping; what has none becomes a list. */
    private static YamlNode united(YamlNode one, YamlNode other, boolean labelled) {
        if (labelled
                && one instanceof YamlNode.Mapping first
                && other instanceof YamlNode.Mapping second) {
            Map<String, YamlNode.Entry> all = new LinkedHashMap<>(first.entries());
            all.putAll(second.entries());
            return new YamlNode.Mapping(all, first.line(), first.column());
        }
        List<YamlNode> items =
                new ArrayList<>(
                        one instanceof YamlNode.Sequence list ? list.items() : List.of(one));
        items.add(other);
        return new YamlNode.Sequence(List.copyOf(items), one.line(), one.column());
    }

    private YamlNode value() throws Malformed {
        int line = this.line;
        int column = column();
        char first = peek();
        if (first == '"') {
            return new YamlNode.Scalar(string(), YamlNode.ScalarKind.STRING, line, column);
        }
        if (first == '<') {
            return new YamlNode.Scalar(heredoc(), YamlNode.ScalarKind.STRING, line, column);
        }
        if (first == '{') {
            at++;
            return body(true);
        }
        if (first == '[') {
            return list();
        }
        String word = word();
        YamlNode.ScalarKind kind;
        if (word.equals("true") || word.equals("false")) {
            kind = YamlNode.ScalarKind.BOOLEAN;
        } else if (word.matches("[-+]?[0-9]+")) {
            kind = YamlNode.ScalarKind.INTEGER;
        } else if (word.matches("[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?")) {
            kind = YamlNode.ScalarKind.DECIMAL;
        } else {
            throw malformed("'" + word + "' (expected: a text in quotes, a number, true, false)");
        }
        return new YamlNode.Scalar(word, kind, line, column);
    }

    private YamlNode.Sequence list() throws Malformed {
        int line = this.line;
        int column = column();
        if (++depth > MAX_DEPTH) {
            throw malformed("nested too deeply (expected: at most " + MAX_DEPTH + " levels)");
        }
        expect('[');
        List<YamlNode> items = new ArrayList<>();
        skip();
        while (peek() != ']') {
            items.add(value());
            skip();
            if (peek() == ',') {
                at++;
                skip();
            } else if (peek() != ']') {
                throw malformed("'" + peek() + "' (expected: ',' or ']')");
            }
        }
        expect(']');
        depth--;
        return new YamlNode.Sequence(List.copyOf(items), line, column);
    }

    private String key() throws Malformed {
        return peek() == '"' ? string() : word();
    }

    private String word() throws Malformed {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || "_-.+".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at == start) {
            throw malformed(
                    at < text.length()
                            ? "'" + text.charAt(at) + "' (expected: a name)"
                            : "the end");
        }
        return text.substring(start, at);
    }

    private String string() throws Malformed {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c == '\n') {
                throw malformed("a text without its closing quote");
            }
            if (c == '\\') {
                char escaped = peek();
                at++;
                value.append(
                        switch (escaped) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            case 'r' -> '\r';
                            default -> escaped;
                        });
            } else {
                value.append(c);
            }
        }
        at++;
        return value.toString();
    }

    /** {@code <<END … END}; with {@code <<-} the end may be indented. */
    private String heredoc() throws Malformed {
        int eol = text.indexOf('\n', at);
        if (!text.startsWith("<<", at) || eol < 0) {
            throw malformed("'<' (expected: a value)");
        }
        String end = text.substring(at + 2, eol).strip();
        end = end.startsWith("-") ? end.substring(1) : end;
        StringBuilder value = new StringBuilder();
        at = eol;
        while (at < text.length()) {
            newline();
            int next = text.indexOf('\n', at);
            String row = text.substring(at, next < 0 ? text.length() : next);
            at += row.length();
            if (row.strip().equals(end)) {
                return value.toString();
            }
            value.append(row).append('\n');
        }
        throw malformed("a text without its end " + end);
    }

    private void skip() throws Malformed {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                newline();
            } else if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '#' || text.startsWith("//", at)) {
                int eol = text.indexOf('\n', at);
                at = eol < 0 ? text.length() : eol;
            } else if (text.startsWith("/*", at)) {
                comment();
            } else {
                return;
            }
        }
    }

    private void comment() throws Malformed {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
            throw malformed("a comment without its end");
        }
        while (at < end + 2) {
            if (text.charAt(at) == '\n') {
                newline();
            } else {
                at++;
            }
        }
    }

    private void newline() {
        at++;
        line++;
        lineStart = at;
    }

    private char peek() throws Malformed {
        if (at >= text.length()) {
            throw malformed("the text ends too early");
        }
        return text.charAt(at);
    }

    private void expect(char wanted) throws Malformed {
        skip();
        if (peek() != wanted) {
            throw malformed("'" + peek() + "' (expected: '" + wanted + "')");
        }
        at++;
    }

    private int column() {
        return at - lineStart + 1;
    }

    private Malformed malformed(String message) {
        return new Malformed(line, message);
    }
}
