package io.weft.config;

import org.springframework.http.HttpStatus;

/**
 * A request that cannot be answered; {@link ProblemAdvice} turns it into problem JSON. The message
 * is shown to the caller.
 */
final class ServiceProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;

    ServiceProblem(HttpStatus status, String detail) {
        super(detail);
        this.status = status;
    }

    HttpStatus status() {
        return status;
    }
}
