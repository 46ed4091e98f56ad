package io.weft.policy.api;

import io.weft.model.Secret;
import io.weft.policy.state.StartFailure;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator shows to change something. */
public final class OperatorToken {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorToken.class);
    private static final String FILE = "operator-token";
    private static final String SCHEME = "Bearer ";
    private static final int BYTES = 32;

    private final Secret token;

    private OperatorToken(Secret token) {
        this.token = token;
    }

    /**
     * The configured one, or that of the state directory, which is made on the first start.
     *
     * @throws StartFailure when it cannot be read or written
     */
    public static OperatorToken of(Secret configured, StateDirectory state) {
        if (!configured.reveal().isEmpty()) {
            return new OperatorToken(configured);
        }
        try {
            Optional<String> stored = state.read(FILE).map(String::strip);
            if (stored.isPresent() && !stored.get().isEmpty()) {
                return new OperatorToken(new Secret(stored.get()));
            }
            byte[] bytes = new byte[BYTES];
            new SecureRandom().nextBytes(bytes);
            String made = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            state.write(FILE, made + "\n");
            LOG.info("operator token written to {}", state.path(FILE));
            return new OperatorToken(new Secret(made));
        } catch (IOException e) {
            throw new StartFailure(
                    "operator token: "
                            + state.path(FILE)
                            + " cannot be used ("
                            + StateDirectory.reason(e)
                            + ")",
                    e);
        }
    }

    /** Whether an {@code Authorization} header carries it. */
    boolean isIn(String authorization) {
        return authorization.startsWith(SCHEME)
                && MessageDigest.isEqual(
                        authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8),
                        token.reveal().getBytes(StandardCharsets.UTF_8));
    }
}
