package io.weft.policy.state;

/**
 * The control plane cannot start. The message is one line for the operator: what is wrong, with the
 * value, and what was expected.
 */
public final class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
