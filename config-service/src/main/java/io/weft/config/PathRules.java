package io.weft.config;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which requests may reach the Config Server at all: a closed list of shapes, checked on the raw
 * path as the client has sent it, so that no two readers can understand it differently. A name is
 * letters, digits and {@code -_.+@}; a label may hold slashes as {@code (_)}. Pure; safe for use by
 * many threads.
 */
final class PathRules {

    /** What is to be done with a request. */
    enum Verdict {
        /** Goes on. */
        PASS,
        /** 400: not of the grammar; includes every attempt to leave a folder. */
        MALFORMED,
        /** 404: well-formed, but nothing is served there. */
        CLOSED,
        /** 405. */
        WRONG_METHOD
    }

    private static final int MAX_PATH = 2048;

    /**
     * Escapes of ASCII only: others are in no name, and half of a character is an error inside the
     * server.
     */
    private static final Pattern QUERY =
            Pattern.compile("(?:[A-Za-z0-9=&._~+@/-]|%[2-7][0-9A-Fa-f])*");

    private static final Pattern CONFIG_QUERY = Pattern.compile("resolvePlaceholders=(true|false)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@+-][A-Za-z0-9_@+.-]*");
    private static final Pattern PROFILES = Pattern.compile("[A-Za-z0-9_@+-][A-Za-z0-9_@+.,-]*");
    private static final Pattern AS_FILE =
            Pattern.compile(
                    "[A-Za-z0-9_@+-][A-Za-z0-9_@+.,-]*-[A-Za-z0-9_@+.,-]+\\.(yml|yaml|properties|json)");
    private static final Pattern RESOURCE_SEGMENT =
            Pattern.compile("[A-Za-z0-9_@+-][A-Za-z0-9_@+.-]*");

    /**
     * The only escapes that a client has reason to send; an escaped letter, dot or slash is an
     * attempt to hide one.
     */
    private static final Pattern HARMLESS_ESCAPE = Pattern.compile("%(28|29|2[bBcC]|40)");

    private static final Set<String> MESH = Set.of("bundle", "watch", "log");
    private static final Set<String> ACTUATOR = Set.of("health", "info", "metrics", "prometheus");

    /**
     * First segments that are endpoints of the Config Server, of Boot or of this service: no
     * application is called that.
     */
    private static final Set<String> RESERVED =
            Set.of("mesh", "actuator", "encrypt", "decrypt", "key", "monitor", "error");

    private final boolean plainText;

    PathRules(boolean plainText) {
        this.plainText = plainText;
    }

    /**
     * Judges a request.
     *
     * @param path raw and undecoded, without the query
     * @param query raw, null when there is none
     */
    Verdict judge(String method, String path, @Nullable String query) {
        if (path.length() > MAX_PATH || !path.startsWith("/")) {
            return Verdict.MALFORMED;
        }
        if (query != null && !QUERY.matcher(query).matches()) {
            return Verdict.MALFORMED;
        }
        String decoded = decode(path);
        if (decoded.indexOf('%') >= 0) {
            return Verdict.MALFORMED;
        }
        List<String> segments = List.of(decoded.substring(1).split("/", -1));
        for (String segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.contains("..")) {
                return Verdict.MALFORMED;
            }
        }
        if (decoded.equals("/mesh/webhook")) {
            return method.equals("POST") ? Verdict.PASS : Verdict.WRONG_METHOD;
        }
        Verdict verdict = judge(segments, query);
        // The watch never ends, and whether one who takes no body has gone cannot be noticed.
        boolean reads =
                method.equals("GET") || method.equals("HEAD") && !decoded.equals("/mesh/watch");
        return verdict == Verdict.PASS && !reads ? Verdict.WRONG_METHOD : verdict;
    }

    private Verdict judge(List<String> segments, @Nullable String query) {
        String first = segments.getFirst();
        if (first.equals("mesh")) {
            return passIf(segments.size() == 2 && MESH.contains(segments.get(1)));
        }
        if (first.equals("actuator")) {
            boolean open = segments.size() >= 2 && ACTUATOR.contains(segments.get(1));
            return passIf(open && segments.stream().allMatch(s -> NAME.matcher(s).matches()));
        }
        if (RESERVED.contains(first)) {
            return Verdict.CLOSED;
        }
        Verdict verdict = config(segments);
        if (verdict == Verdict.PASS && query != null && !CONFIG_QUERY.matcher(query).matches()) {
            return Verdict.MALFORMED; // useDefaultLabel would turn a label into the path of a file.
        }
        return verdict;
    }

    private Verdict config(List<String> segments) {
        String first = segments.getFirst();
        return switch (segments.size()) {
            case 1 -> AS_FILE.matcher(first).matches() ? Verdict.PASS : unknown(first);
            case 2 -> {
                String second = segments.get(1);
                if (AS_FILE.matcher(second).matches()) {
                    yield passOrMalformed(isLabel(first));
                }
                yield passOrMalformed(isName(first) && isProfiles(second));
            }
            case 3 ->
                    passOrMalformed(
                            isName(first)
                                    && isProfiles(segments.get(1))
                                    && isLabel(segments.get(2)));
            default -> resource(segments);
        };
    }

    private Verdict resource(List<String> segments) {
        boolean wellFormed =
                isName(segments.get(0))
                        && isProfiles(segments.get(1))
                        && isLabel(segments.get(2))
                        && segments.stream()
                                .skip(3)
                                .allMatch(s -> RESOURCE_SEGMENT.matcher(s).matches());
        if (!wellFormed) {
            return Verdict.MALFORMED;
        }
        return plainText ? Verdict.PASS : Verdict.CLOSED;
    }

    private static boolean isName(String segment) {
        return NAME.matcher(segment).matches();
    }

    private static boolean isProfiles(String segment) {
        return PROFILES.matcher(segment).matches();
    }

    /**
     * The label as Git would see it: after {@code (_)} has become a slash it must be the name of a
     * branch, tag or commit.
     */
    private static boolean isLabel(String segment) {
        return Revisions.isWellFormed(segment.replace("(_)", "/"));
    }

    private static Verdict unknown(String segment) {
        return isName(segment) ? Verdict.CLOSED : Verdict.MALFORMED;
    }

    private static Verdict passIf(boolean open) {
        return open ? Verdict.PASS : Verdict.CLOSED;
    }

    private static Verdict passOrMalformed(boolean wellFormed) {
        return wellFormed ? Verdict.PASS : Verdict.MALFORMED;
    }

    private static String decode(String path) {
        Matcher escape = HARMLESS_ESCAPE.matcher(path);
        return escape.replaceAll(found ->
                Matcher.quoteReplacement("" + (char) Integer.parseInt(found.group(1), 16)));
    }
}
