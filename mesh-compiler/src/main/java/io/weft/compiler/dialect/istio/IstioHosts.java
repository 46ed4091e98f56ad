package io.weft.compiler.dialect.istio;

import io.weft.model.ServiceId;
import java.util.Locale;

/** Host names as Istio reads them. */
final class IstioHosts {

    private IstioHosts() {}

    /** Only names without a dot are expanded; {@code reviews.prod} counts as fully qualified. */
    static String qualify(String host, String namespace) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.isEmpty() || lower.contains(".") || lower.startsWith("*")
                ? lower
                : lower + "." + namespace + "." + ServiceId.DOMAIN_SUFFIX;
    }

    /** Whether a host, or everything that a wildcard covers, is covered by the pattern. */
    static boolean covers(String pattern, String host) {
        if (pattern.equals("*") || pattern.equals(host)) {
            return true;
        }
        return pattern.startsWith("*") && host.endsWith(pattern.substring(1));
    }
}
