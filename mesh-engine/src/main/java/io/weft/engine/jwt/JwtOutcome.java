package io.weft.engine.jwt;

import io.weft.engine.VerifiedToken;
import io.weft.model.Origin;
import io.weft.model.route.HeaderOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the token rules of a port say about a request. */
public sealed interface JwtOutcome {

    /**
     * There is no token: the request goes on without one.
     *
     * @param headers changes to make before the request is forwarded: headers that only a verified
     *     token may set are removed
     */
    record None(List<HeaderOp> headers) implements JwtOutcome {
        public None {
            headers = List.copyOf(headers);
        }
    }

    /**
     * The token is good.
     *
     * @param headers changes to make before the request is forwarded, in order: forged headers
     *     removed, claims copied, the token taken out unless it is to be forwarded
     * @param query the query to forward instead; null leaves it as it is, empty removes it
     * @param origin the rule that accepted it
     */
    record Valid(VerifiedToken token, List<HeaderOp> headers, @Nullable String query, Origin origin)
            implements JwtOutcome {
        public Valid {
            headers = List.copyOf(headers);
        }
    }

    /**
     * The token is not accepted: 401.
     *
     * @param reason one sentence for logs and {@code WWW-Authenticate}; holds nothing of the token
     * @param origin the rule that refused it
     */
    record Invalid(String reason, Origin origin) implements JwtOutcome {}
}
