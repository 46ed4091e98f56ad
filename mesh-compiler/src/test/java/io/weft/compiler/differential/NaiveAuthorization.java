package io.weft.compiler.differential;

import io.weft.engine.SampleRequest;
import io.weft.engine.VerifiedToken;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides straight from the fields of the YAML, as Istio's documentation tells it, for HTTP. Shares
 * nothing with the compiler or the engine.
 */
final class NaiveAuthorization {

    private NaiveAuthorization() {}

    /**
     * ALLOW or DENY, then the names of what matched without effect, a name for each rule. External
     * authorisers consent.
     */
    static String decide(List<WrittenPolicy> policies, SampleRequest request) {
        List<String> silent = new ArrayList<>();
        boolean denied = false;
        boolean allowed = false;
        boolean closed = false;
        for (WrittenPolicy policy : policies) {
            boolean counts = !policy.dryRun() && !policy.action().equals("AUDIT");
            closed |= counts && policy.action().equals("ALLOW");
            for (WrittenPolicy.Rule rule : policy.rules()) {
                if (!holds(rule, policy.namespace(), request)) {
                    continue;
                }
                if (!counts) {
                    silent.add(policy.name());
                }
                denied |= counts && policy.action().equals("DENY");
                allowed |= counts && policy.action().equals("ALLOW");
            }
        }
        silent.sort(null);
        return (!denied && (allowed || !closed) ? "ALLOW" : "DENY") + silent;
    }

    private static boolean holds(WrittenPolicy.Rule rule, String own, SampleRequest r) {
        boolean from = rule.from().isEmpty();
        for (Map<String, List<String>> source : rule.from()) {
            from |= all(source, own, r);
        }
        boolean to = rule.to().isEmpty();
        for (Map<String, List<String>> operation : rule.to()) {
            to |= all(operation, own, r);
        }
        boolean when = true;
        for (WrittenPolicy.Condition condition : rule.when()) {
            boolean values = condition.values().isEmpty();
            for (String value : condition.values()) {
                values |= condition(condition.key(), value, r);
            }
            for (String value : condition.notValues()) {
                values &= !condition(condition.key(), value, r);
            }
            when &= values;
        }
        return from && to && when;
    }

    private static boolean all(Map<String, List<String>> fields, String own, SampleRequest r) {
        for (Map.Entry<String, List<String>> field : fields.entrySet()) {
            String name = field.getKey();
            boolean not = name.startsWith("not");
            String plain = not ? Character.toLowerCase(name.charAt(3)) + name.substring(4) : name;
            boolean one = false;
            for (String value : field.getValue()) {
                one |= field(plain, value, own, r);
            }
            if (one == not) {
                return false;
            }
        }
        return true;
    }

    private static boolean field(String name, String value, String own, SampleRequest r) {
        return switch (name) {
            case "principals" -> principal(value, r);
            case "requestPrincipals" -> token(r, t -> text(value, t.principal()));
            case "namespaces" -> r.peer() != null && text(value, r.peer().namespace());
            case "serviceAccounts" ->
                    r.peer() != null
                            && text(
                                    value.contains("/") ? value : own + "/" + value,
                                    r.peer().namespace() + "/" + r.peer().serviceAccount());
            case "ipBlocks" -> inside(value, r.sourceIp());
            case "remoteIpBlocks" -> inside(value, r.remoteIp());
            case "hosts" -> host(value.toLowerCase(Locale.ROOT), r.authority());
            case "methods" -> text(value, r.method());
            case "paths" -> path(value, r.path());
            case "ports" -> Integer.toString(r.destinationPort()).equals(value);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static boolean condition(String key, String value, SampleRequest r) {
        if (key.startsWith("request.headers[")) {
            String name = key.substring("request.headers[".length(), key.length() - 1);
            return text(value, r.headers().get(name.toLowerCase(Locale.ROOT)));
        }
        if (key.startsWith("request.auth.claims[")) {
            String[] names =
                    key.substring("request.auth.claims[".length(), key.length() - 1)
                            .split("]\\[", -1);
            return token(r, t -> claim(value, t.claims(), names));
        }
        return switch (key) {
            case "source.ip" -> inside(value, r.sourceIp());
            case "remote.ip" -> inside(value, r.remoteIp());
            case "source.namespace" -> field("namespaces", value, "", r);
            case "source.principal" -> principal(value, r);
            case "request.auth.principal" -> field("requestPrincipals", value, "", r);
            case "request.auth.audiences" ->
                    token(r, t -> t.audiences().stream().anyMatch(a -> text(value, a)));
            case "request.auth.presenter" -> token(r, t -> text(value, t.presenter()));
            case "destination.port" -> field("ports", value, "", r);
            case "connection.sni" ->
                    r.sni() != null
                            && text(
                                    value.toLowerCase(Locale.ROOT),
                                    r.sni().toLowerCase(Locale.ROOT));
            default -> throw new IllegalArgumentException(key);
        };
    }

    private static boolean token(
            SampleRequest r, java.util.function.Predicate<VerifiedToken> test) {
        return r.token() != null && test.test(r.token());
    }

    private static boolean claim(String value, Object from, String[] names) {
        Object at = from;
        for (String name : names) {
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return switch (at) {
            case String text -> text(value, text);
            case Collection<?> list -> list.stream().anyMatch(e -> text(value, (String) e));
            case null, default -> false;
        };
    }

    private static boolean principal(String value, SampleRequest r) {
        return r.peer() != null
                && text(
                        value,
                        r.peer().trustDomain()
                                + "/ns/"
                                + r.peer().namespace()
                                + "/sa/"
                                + r.peer().serviceAccount());
    }

    /** A star alone is any text but the empty one. */
    private static boolean text(String pattern, @Nullable String text) {
        if (text == null) {
            return false;
        }
        if (pattern.equals("*")) {
            return !text.isEmpty();
        }
        if (pattern.startsWith("*")) {
            return text.endsWith(pattern.substring(1));
        }
        return pattern.endsWith("*")
                ? text.startsWith(pattern.substring(0, pattern.length() - 1))
                : text.equals(pattern);
    }

    private static boolean host(String pattern, String authority) {
        BiPredicate<String, String> test = NaiveAuthorization::text;
        String whole = authority.toLowerCase(Locale.ROOT);
        return test.test(pattern, whole) || test.test(pattern, whole.replaceFirst(":[0-9]+$", ""));
    }

    private static boolean path(String pattern, String path) {
        if (!pattern.contains("{")) {
            return text(pattern, path);
        }
        StringBuilder regex = new StringBuilder();
        for (String piece : pattern.split("(?=\\{)|(?<=})", -1)) {
            regex.append(
                    switch (piece) {
                        case "{*}" -> "[^/]+";
                        case "{**}" -> ".*";
                        default -> Pattern.quote(piece);
                    });
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(path).matches();
    }

    private static boolean inside(String block, byte[] address) {
        String[] parts = block.split("/", -1);
        byte[] base = InetAddress.ofLiteral(parts[0]).getAddress();
        if (base.length != address.length) {
            return false;
        }
        int bits = base.length * 8;
        int kept = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
        return new BigInteger(1, base)
                .shiftRight(bits - kept)
                .equals(new BigInteger(1, address).shiftRight(bits - kept));
    }
}
