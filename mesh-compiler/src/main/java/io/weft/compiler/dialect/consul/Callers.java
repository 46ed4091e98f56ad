package io.weft.compiler.dialect.consul;

import io.weft.compiler.dialect.consul.intention.Source;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Sources of intentions as identities: a service runs under the service account of its name, as
 * Consul requires on Kubernetes, and a peer's services have the trust domain of the peer.
 */
record Callers(String trustDomain, Peers peers) {

    private static final String ANY = "*";

    /**
     * Who is meant.
     *
     * @param denied whether they are denied: then those without identity are meant by "all" as well
     */
    Match match(Source source, boolean denied) {
        if (!source.samenessGroup().isEmpty()) {
            List<Match> any = new ArrayList<>();
            any.add(of(trustDomain, source));
            peers.peersOf(source.samenessGroup()).forEach(peer -> any.add(ofPeer(peer, source)));
            return Match.anyOf(any);
        }
        if (!source.peer().isEmpty()) {
            return ofPeer(source.peer(), source);
        }
        if (denied && source.isWildcard() && source.namespace().equals(ANY)) {
            return everybodyHere();
        }
        return of(trustDomain, source);
    }

    /** All but the peers, for whom intentions of their own hold. */
    private Match everybodyHere() {
        List<Match> theirs = new ArrayList<>();
        for (String domain : peers.trustDomains()) {
            theirs.add(new Match.PeerPrincipal(new StringMatch.Prefix(domain + "/")));
        }
        return theirs.isEmpty() ? Match.ALWAYS : new Match.Not(Match.anyOf(theirs));
    }

    private Match ofPeer(String peer, Source source) {
        return peers.trustDomain(peer).map(domain -> of(domain, source)).orElse(Match.NEVER);
    }

    private static Match of(String trustDomain, Source source) {
        if (source.namespace().equals(ANY)) {
            return principal(new StringMatch.Prefix(trustDomain + "/"));
        }
        String inNamespace = trustDomain + "/ns/" + source.namespace() + "/sa/";
        return principal(
                source.isWildcard()
                        ? new StringMatch.Prefix(inNamespace)
                        : new StringMatch.Exact(inNamespace + source.name()));
    }

    private static Match principal(StringMatch value) {
        return new Match.PeerPrincipal(value);
    }
}
