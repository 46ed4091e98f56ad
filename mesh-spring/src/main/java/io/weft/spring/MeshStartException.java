package io.weft.spring;

/** The proxy cannot start; the message says what to do about it. */
public final class MeshStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MeshStartException(String message, Exception cause) {
        super(message, cause);
    }
}
