package io.weft.policy.api;

import io.weft.policy.control.Trials;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ResponseStatusException;

/** Errors as RFC 9457 problems. */
@RestControllerAdvice
final class ProblemAdvice {

    @ExceptionHandler
    ProblemDetail badRequest(IllegalArgumentException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail busy(Trials.Busy e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.TOO_MANY_REQUESTS, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail status(ResponseStatusException e) {
        return e.getReason() == null
                ? ProblemDetail.forStatus(e.getStatusCode())
                : ProblemDetail.forStatusAndDetail(e.getStatusCode(), e.getReason());
    }
}
