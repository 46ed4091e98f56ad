package io.weft.model.match;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * A boolean tree over what is known of a request: the wire, the peer, a verified token.
 *
 * <p>A leaf whose subject is absent (no such header, no peer identity, no token, an HTTP subject on
 * a TCP connection) is false, except where it says otherwise.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface Match {

    Match ALWAYS = new Always();
    Match NEVER = new AnyOf(List.of());

    /** True. */
    record Always() implements Match {}

    /** True when each operand is; true when there is none. */
    record AllOf(List<Match> operands) implements Match {
        public AllOf {
            operands = List.copyOf(operands);
        }
    }

    /** True when one operand is; false when there is none. */
    record AnyOf(List<Match> operands) implements Match {
        public AnyOf {
            operands = List.copyOf(operands);
        }
    }

    record Not(Match operand) implements Match {}

    /** The normalised path without its query. */
    record Path(StringMatch value) implements Match {}

    record Method(StringMatch value) implements Match {}

    record Scheme(StringMatch value) implements Match {}

    /** The authority as received, with its port if one was sent; case does not count. */
    record Authority(StringMatch value) implements Match {}

    /** The authority's host, lower case, with and without its port: either may match. */
    record Host(StringMatch value) implements Match {}

    /**
     * A header's values, joined by a comma.
     *
     * @param name lower case
     * @param missingIsEmpty whether an absent header is tested as the empty string
     */
    record Header(String name, StringMatch value, boolean missingIsEmpty) implements Match {
        public Header(String name, StringMatch value) {
            this(name, value, false);
        }
    }

    /**
     * The first value of a query parameter, percent-decoded.
     *
     * @param anyValue whether any of several values may match, not the first alone
     */
    record QueryParam(String name, StringMatch value, boolean anyValue) implements Match {
        public QueryParam(String name, StringMatch value) {
            this(name, value, false);
        }
    }

    /** The destination port: the workload's port inbound, the requested port outbound. */
    record DestinationPort(int port) implements Match {}

    record Sni(StringMatch value) implements Match {}

    /** The peer's principal, without {@code spiffe://}. */
    record PeerPrincipal(StringMatch value) implements Match {}

    record PeerNamespace(StringMatch value) implements Match {}

    /** The peer's service account as {@code namespace/name}. */
    record PeerServiceAccount(StringMatch value) implements Match {}

    /** The address of the connection's other end. */
    record SourceIp(Cidr range) implements Match {}

    /** The original client's address: from trusted X-Forwarded-For, else the connection's. */
    record RemoteIp(Cidr range) implements Match {}

    record DestinationIp(Cidr range) implements Match {}

    /** {@code issuer/subject} of the verified token. */
    record RequestPrincipal(StringMatch value) implements Match {}

    /** One of the verified token's audiences. */
    record Audience(StringMatch value) implements Match {}

    /** The verified token's authorised presenter ({@code azp}). */
    record Presenter(StringMatch value) implements Match {}

    /**
     * A claim of the verified token; a list claim matches when one of its elements does.
     *
     * @param path names from the outermost claim inwards
     * @param issuer the issuer of the token that is asked, empty for any
     */
    record Claim(List<String> path, StringMatch value, String issuer) implements Match {
        public Claim {
            path = List.copyOf(path);
            if (path.isEmpty()) {
                throw new IllegalArgumentException("claim path: [] (expected: at least one name)");
            }
        }

        public Claim(List<String> path, StringMatch value) {
            this(path, value, "");
        }
    }

    /** True when every operand is; a single operand is returned as it is. */
    static Match allOf(List<Match> operands) {
        List<Match> real = operands.stream().filter(m -> !(m instanceof Always)).toList();
        return switch (real.size()) {
            case 0 -> ALWAYS;
            case 1 -> real.getFirst();
            default -> new AllOf(real);
        };
    }

    /** True when one operand is; a single operand is returned as it is. */
    static Match anyOf(List<Match> operands) {
        return operands.size() == 1 ? operands.getFirst() : new AnyOf(operands);
    }
}
