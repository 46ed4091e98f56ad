package io.weft.compiler.dialect.istio;

import com.google.re2j.Pattern;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The mesh's trust domain with its other names; a principal of one is a principal of all. */
record TrustDomains(String own, List<String> aliases) {

    /** Stands for the mesh's own trust domain, whatever its name. */
    private static final String POINTER = "cluster.local";

    TrustDomains {
        aliases = List.copyOf(aliases);
    }

    /** The principals that are meant by one. */
    List<String> expand(String principal) {
        int slash = principal.indexOf('/');
        if (slash <= 0) {
            return List.of(principal);
        }
        String domain = principal.substring(0, slash);
        if (!domain.equals(own) && !domain.equals(POINTER) && !aliases.contains(domain)) {
            return List.of(principal);
        }
        Set<String> domains = new LinkedHashSet<>();
        domains.add(own);
        domains.addAll(aliases);
        List<String> expanded = new ArrayList<>();
        domains.forEach(name -> expanded.add(name + principal.substring(slash)));
        return expanded;
    }

    /** A principal starts with its trust domain, which has no slash. */
    static Match match(String value) {
        if (value.equals("*")) {
            return new Match.PeerPrincipal(new StringMatch.Present());
        }
        if (value.endsWith("*")) {
            return new Match.PeerPrincipal(
                    new StringMatch.Prefix(value.substring(0, value.length() - 1)));
        }
        return new Match.PeerPrincipal(
                value.startsWith("*")
                        ? new StringMatch.Regex("[^/]*" + Pattern.quote(value.substring(1)) + "/.*")
                        : new StringMatch.Prefix(value + "/"));
    }
}
