package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.match.Cidr;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who a caller is and where it is, in Linkerd's words. */
final class Identities {

    private static final Pattern LINKERD_NAME =
            Pattern.compile(
                    "([a-z0-9-]+|\\*)\\.(?:([a-z0-9-]+)\\.)?serviceaccount\\.identity\\.[a-z0-9-]+\\.(.+)");
    private static final String LOCAL_DOMAIN = "cluster.local";

    private final String trustDomain;

    Identities(String trustDomain) {
        this.trustDomain = trustDomain;
    }

    /**
     * {@code *}, {@code spiffe://…}, or Linkerd's {@code
     * SA.NS.serviceaccount.identity.linkerd.DOMAIN} where the account, or account and namespace,
     * may be {@code *}.
     */
    Optional<Match> name(Field field) {
        String text = field.text("");
        if (text.equals("*")) {
            return Optional.of(DefaultAccess.authenticated());
        }
        if (text.startsWith("spiffe://")) {
            return Optional.of(
                    new Match.PeerPrincipal(
                            new StringMatch.Exact(text.substring("spiffe://".length()))));
        }
        Matcher form = LINKERD_NAME.matcher(text);
        boolean anyOfDomain = form.matches() && form.group(2) == null;
        if (!form.matches() || anyOfDomain && !form.group(1).equals("*")) {
            field.reportValue(
                    text, "*, spiffe://…, or SA.NS.serviceaccount.identity.linkerd.TRUST-DOMAIN");
            return Optional.empty();
        }
        String domain = form.group(3).equals(LOCAL_DOMAIN) ? trustDomain : form.group(3);
        String prefix = domain + "/ns/";
        if (anyOfDomain) {
            return Optional.of(new Match.PeerPrincipal(new StringMatch.Prefix(prefix)));
        }
        prefix += form.group(2) + "/sa/";
        return Optional.of(
                new Match.PeerPrincipal(
                        form.group(1).equals("*")
                                ? new StringMatch.Prefix(prefix)
                                : new StringMatch.Exact(prefix + form.group(1))));
    }

    Match serviceAccount(String namespace, String name) {
        return new Match.PeerPrincipal(
                new StringMatch.Exact(trustDomain + "/ns/" + namespace + "/sa/" + name));
    }

    Match namespace(String namespace) {
        return new Match.PeerPrincipal(
                new StringMatch.Prefix(trustDomain + "/ns/" + namespace + "/sa/"));
    }

    /** {@code networks}: in one of them, and not in its exceptions. */
    static Optional<Match> networks(Field networks) {
        List<Match> any = new ArrayList<>();
        for (Field item : networks.items()) {
            List<Match> all = new ArrayList<>();
            range(item.get("cidr"), Match.NEVER).ifPresent(all::add);
            for (Field except : item.get("except").items()) {
                range(except, Match.ALWAYS).ifPresent(range -> all.add(new Match.Not(range)));
            }
            if (!item.get("cidr").isPresent()) {
                item.get("cidr").reportMissing();
            } else if (!all.isEmpty()) {
                any.add(Match.allOf(all));
            }
        }
        return any.isEmpty() ? Optional.empty() : Optional.of(Match.anyOf(any));
    }

    /**
     * @param unreadable what stands for a range that cannot be read: in doubt the door stays shut
     */
    private static Optional<Match> range(Field field, Match unreadable) {
        return field.text("").isEmpty()
                ? Optional.empty()
                : Optional.of(cidr(field).<Match>map(Match.SourceIp::new).orElse(unreadable));
    }

    /** An address or a range; empty where it is none, which is reported. */
    static Optional<Cidr> cidr(Field field) {
        String text = field.text("");
        try {
            return Optional.of(Cidr.parse(text));
        } catch (IllegalArgumentException e) {
            field.error(
                    Code.INVALID_VALUE,
                    "'" + text + "' (expected: an address or ADDRESS/LENGTH)",
                    "write for example 10.0.0.0/8");
            return Optional.empty();
        }
    }
}
