package io.weft.engine.path;

import static io.weft.model.listener.PathNormalization.BASE;
import static io.weft.model.listener.PathNormalization.DECODE_AND_MERGE_SLASHES;

import io.weft.model.listener.PathNormalization;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The normalisation of paths once more, written otherwise: what the real one is compared with. */
public final class NaivePaths {

    private NaivePaths() {}

    /**
     * By regular expressions and a stack of segments instead of one pass over characters.
     *
     * @param raw begins with a slash; nothing in it is to be refused
     */
    public static String normalize(String raw, PathNormalization mode) {
        String path = raw;
        if (mode == DECODE_AND_MERGE_SLASHES) {
            path = path.replaceAll("(?i)%(2f|5c)", "/");
        }
        Matcher escapes = Pattern.compile("%([0-9a-fA-F]{2})").matcher(path);
        path =
                escapes.replaceAll(m -> {
                    String c = "" + (char) Integer.parseInt(m.group(1), 16);
                    return Matcher.quoteReplacement(c.matches("[A-Za-z0-9._~-]") ? c : m.group());
                });
        path = path.replace('\\', '/');
        path =
                Pattern.compile("[^\\x00-\\x7e]")
                        .matcher(path)
                        .replaceAll(m -> "%%%02X".formatted((int) m.group().charAt(0)));
        ArrayDeque<String> stack = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean dots = segments[i].equals(".") || segments[i].equals("..");
            if (segments[i].equals("..") && !stack.isEmpty()) {
                stack.removeLast();
            }
            if (!dots) {
                stack.addLast(segments[i]);
            } else if (i == segments.length - 1) {
                stack.addLast("");
            }
        }
        path = "/" + String.join("/", new ArrayList<>(stack));
        return mode == BASE ? path : path.replaceAll("/+", "/");
    }
}
