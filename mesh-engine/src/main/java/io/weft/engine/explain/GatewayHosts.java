package io.weft.engine.explain;

import io.weft.engine.AsciiCase;
import io.weft.engine.match.Authorities;
import java.util.List;

/** How well a gateway server's hosts fit an authority. */
public final class GatewayHosts {

    private GatewayHosts() {}

    /**
     * The length of the longest host that matches, a whole name counting most; -1 when none does.
     */
    public static int longestMatch(List<String> hosts, String authority) {
        String host = AsciiCase.lower(Authorities.host(authority));
        int best = -1;
        for (String candidate : hosts) {
            if (candidate.equals(host)) {
                return Integer.MAX_VALUE;
            }
            String suffix = candidate.substring(candidate.indexOf('*') + 1);
            boolean wildcard = candidate.startsWith("*");
            if (wildcard && host.endsWith(suffix) && host.length() > suffix.length()) {
                best = Math.max(best, suffix.length());
            }
        }
        return best;
    }
}
