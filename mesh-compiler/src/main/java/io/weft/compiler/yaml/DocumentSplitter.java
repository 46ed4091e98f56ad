package io.weft.compiler.yaml;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a file at its document separators, so that a broken document does not hide the others. A
 * line that starts with {@code ---} ends a document wherever it stands (YAML 1.2, section 9.1.2).
 */
final class DocumentSplitter {

    /** A document's text and how many lines precede it in the file. */
    record Part(String text, int lineOffset) {}

    private DocumentSplitter() {}

    static List<Part> split(String text) {
        List<Part> parts = new ArrayList<>();
        int start = 0;
        int startLine = 0;
        int line = 0;
        int at = 0;
        // A byte order mark is no content.
        if (text.startsWith("\uFEFF")) {
            start = 1;
            at = 1;
        }
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            int next = end < 0 ? text.length() : end + 1;
            if (at > start && isSeparator(text, at)) {
                add(parts, text.substring(start, at), startLine);
                start = at;
                startLine = line;
            }
            line++;
            at = next;
        }
        add(parts, text.substring(start), startLine);
        return parts;
    }

    private static boolean isSeparator(String text, int at) {
        if (!text.startsWith("---", at)) {
            return false;
        }
        return at + 3 >= text.length() || Character.isWhitespace(text.charAt(at + 3));
    }

    private static void add(List<Part> parts, String text, int lineOffset) {
        boolean content =
                text.lines()
                        .map(String::strip)
                        .anyMatch(line ->
                                !line.isEmpty()
                                        && !line.equals("---")
                                        && !line.startsWith("#")
                                        && !line.startsWith("%"));
        if (content) {
            parts.add(new Part(text, lineOffset));
        }
    }
}
