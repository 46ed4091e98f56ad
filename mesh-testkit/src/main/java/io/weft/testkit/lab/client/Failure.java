package io.weft.testkit.lab.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLException;

/** Why there is no answer, or only a part of one. */
public enum Failure {
    CONNECTION_RESET("connection-reset"),
    CONNECTION_CLOSED("connection-closed"),
    CONNECTION_REFUSED("connection-refused"),
    TLS("tls"),
    TIMEOUT("timeout"),
    PROTOCOL("protocol");

    private final String title;

    Failure(String title) {
        this.title = title;
    }

    /** As answers tell it. */
    public String title() {
        return title;
    }

    static Failure of(IOException e) {
        return switch (e) {
            case SocketTimeoutException timeout -> TIMEOUT;
            case ConnectException refused -> CONNECTION_REFUSED;
            case SSLException tls -> TLS;
            case EOFException closed -> CONNECTION_CLOSED;
            case BadAnswer bad -> PROTOCOL;
            default -> CONNECTION_RESET;
        };
    }

    /** The other end does not speak as agreed. */
    static final class BadAnswer extends IOException {
        private static final long serialVersionUID = 1L;

        BadAnswer(String message) {
            super(message);
        }
    }
}
