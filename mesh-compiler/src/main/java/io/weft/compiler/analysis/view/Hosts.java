package io.weft.compiler.analysis.view;

import io.weft.model.ServiceId;

/** Names of hosts as Istio reads them. */
public final class Hosts {

    private Hosts() {}

    /** Fully qualified: only names without a dot belong to the namespace. */
    public static String qualify(String host, String namespace) {
        return host.isEmpty() || host.contains(".") || host.contains("*")
                ? host
                : host + "." + namespace + "." + ServiceId.DOMAIN_SUFFIX;
    }

    /** Whether two names, each with or without a wildcard at its start, have a host in common. */
    public static boolean overlap(String one, String other) {
        return covers(one, other) || covers(other, one);
    }

    /** Whether every host of the second name is one of the first. */
    public static boolean covers(String wide, String narrow) {
        if (wide.equalsIgnoreCase(narrow) || wide.equals("*")) {
            return true;
        }
        return wide.startsWith("*")
                && narrow.length() >= wide.length()
                && narrow.regionMatches(
                        true, narrow.length() - wide.length() + 1, wide, 1, wide.length() - 1);
    }
}
