package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.yaml.Field;
import io.weft.model.match.Cidr;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.List;
import java.util.Optional;

/** What Linkerd calls a default inbound policy. */
enum DefaultAccess {
    DENY("deny"),
    ALL_UNAUTHENTICATED("all-unauthenticated"),
    ALL_AUTHENTICATED("all-authenticated"),
    CLUSTER_UNAUTHENTICATED("cluster-unauthenticated"),
    CLUSTER_AUTHENTICATED("cluster-authenticated"),
    /** Everyone may call; what would have been denied is recorded. */
    AUDIT("audit");

    /** Linkerd's own default for the cluster's networks, and this machine. */
    private static final Match CLUSTER =
            Match.anyOf(
                    List.of(
                                    "10.0.0.0/8",
                                    "100.64.0.0/10",
                                    "172.16.0.0/12",
                                    "192.168.0.0/16",
                                    "127.0.0.0/8",
                                    "fd00::/8",
                                    "::1")
                            .stream()
                            .<Match>map(range -> new Match.SourceIp(Cidr.parse(range)))
                            .toList());

    private final String title;

    DefaultAccess(String title) {
        this.title = title;
    }

    static Optional<DefaultAccess> of(String title) {
        for (DefaultAccess access : values()) {
            if (access.title.equals(title)) {
                return Optional.of(access);
            }
        }
        return Optional.empty();
    }

    /** An unknown one is reported and denies. */
    static DefaultAccess read(Field field, DefaultAccess otherwise) {
        String text = field.text("");
        if (text.isEmpty()) {
            return otherwise;
        }
        return of(text).orElseGet(() -> {
            field.reportValue(
                    text,
                    "deny, audit, all-unauthenticated, all-authenticated,"
                            + " cluster-unauthenticated, cluster-authenticated");
            return DENY;
        });
    }

    /** Who may call. */
    Match callers() {
        return switch (this) {
            case DENY -> Match.NEVER;
            case ALL_UNAUTHENTICATED, AUDIT -> Match.ALWAYS;
            case ALL_AUTHENTICATED -> authenticated();
            case CLUSTER_UNAUTHENTICATED -> CLUSTER;
            case CLUSTER_AUTHENTICATED -> Match.allOf(List.of(CLUSTER, authenticated()));
        };
    }

    static Match authenticated() {
        return new Match.PeerPrincipal(new StringMatch.Present());
    }
}
