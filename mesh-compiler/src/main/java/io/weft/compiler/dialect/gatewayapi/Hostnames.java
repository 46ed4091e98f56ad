package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Host names of listeners and routes: exact, {@code *.suffix}, or {@code *} for every name. */
final class Hostnames {

    static final String ANY = "*";

    private static final Pattern VALID =
            Pattern.compile(
                    "(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

    private Hostnames() {}

    /** A name as it is written; one that is none is reported and read as absent (empty). */
    static String read(Field field) {
        String host = field.text("");
        if (host.isEmpty()) {
            return "";
        }
        if (host.length() > 253
                || !VALID.matcher(host).matches()
                || ADDRESS.matcher(host).matches()) {
            field.reportValue(host, "a lower-case host name, or *. and a host name");
            return "";
        }
        return host;
    }

    /** Whether every name that {@code inner} stands for is one that {@code outer} stands for. */
    static boolean covers(String outer, String inner) {
        if (outer.equals(ANY) || outer.equals(inner)) {
            return true;
        }
        if (!outer.startsWith("*.") || inner.equals(ANY)) {
            return false;
        }
        String suffix = outer.substring(1);
        String tail = inner.startsWith("*.") ? inner.substring(1) : inner;
        return tail.endsWith(suffix) && tail.length() > suffix.length();
    }

    /** The names that both a listener and a route stand for; of two that nest, the narrower. */
    static List<String> intersection(String listener, List<String> route) {
        if (route.isEmpty()) {
            return List.of(listener);
        }
        List<String> common = new ArrayList<>();
        for (String host : route) {
            String narrower =
                    covers(listener, host) ? host : covers(host, listener) ? listener : "";
            if (!narrower.isEmpty() && !common.contains(narrower)) {
                common.add(narrower);
            }
        }
        return common;
    }

    /** Greater is more specific: exact before wildcards, then the longer. */
    static int specificity(String host) {
        if (host.equals(ANY)) {
            return 0;
        }
        return host.startsWith("*") ? host.length() : 1000 + host.length();
    }
}
