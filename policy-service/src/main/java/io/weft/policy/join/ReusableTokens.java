package io.weft.policy.join;

import io.weft.model.SpiffeId;
import io.weft.model.wire.JoinRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tokens that the operator has configured for development. Thread-safe. */
public final class ReusableTokens implements WorkloadAttestor {

    private static final Logger LOG = LoggerFactory.getLogger(ReusableTokens.class);

    private final String trustDomain;
    private final List<ReusableToken> tokens;

    public ReusableTokens(String trustDomain, List<ReusableToken> tokens) {
        this.trustDomain = trustDomain;
        this.tokens = List.copyOf(tokens);
        if (!tokens.isEmpty()) {
            LOG.warn(
                    "{} reusable join token(s) configured: for development only, whoever reads one"
                            + " can join again and again",
                    tokens.size());
        }
    }

    @Override
    public boolean handles(JoinRequest request) {
        return find(request) != null;
    }

    private @Nullable ReusableToken find(JoinRequest request) {
        TokenHash asked = TokenHash.of(request.token().reveal());
        ReusableToken found = null;
        for (ReusableToken each : tokens) {
            if (TokenHash.of(each.token().reveal()).matches(asked)) {
                found = each;
            }
        }
        return found;
    }

    @Override
    public Proof attest(JoinRequest request) throws JoinRefused {
        ReusableToken token = find(request);
        if (token == null || !token.allows(request.namespace(), request.serviceAccount())) {
            throw new JoinRefused("reusable join token: not for this identity");
        }
        try {
            return new ReusableProof(
                    new SpiffeId(trustDomain, request.namespace(), request.serviceAccount()));
        } catch (IllegalArgumentException e) {
            throw new JoinRefused(String.valueOf(e.getMessage()));
        }
    }

    private record ReusableProof(SpiffeId identity) implements Proof {

        @Override
        public String describe() {
            return "reusable-token";
        }

        @Override
        public void redeem() {
            // Nothing is used up: that is what the operator asked for.
        }
    }
}
