package io.weft.policy.join;

/**
 * A join is refused. The message is told to the asker: who does not hold a token of ours learns no
 * more than that it is unknown.
 */
public final class JoinRefused extends Exception {

    private static final long serialVersionUID = 1L;

    public JoinRefused(String message) {
        super(message);
    }
}
