package io.weft.blog.api;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Turns what goes wrong into problem details (RFC 9457), beyond what Spring does by itself. */
@RestControllerAdvice
class Problems {

    @ExceptionHandler
    ProblemDetail invalid(InvalidArticleException e) {
        var problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.BAD_REQUEST, "the article cannot be stored as it is");
        problem.setTitle("Invalid article");
        problem.setProperty("errors", e.violations());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail databaseIsAway(DataAccessResourceFailureException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "the database does not answer");
    }
}
