package io.weft.blog.frontend;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something went wrong at a service behind the pages, in a way that a page can tell. */
abstract sealed class UpstreamException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private UpstreamException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** There is no such thing. */
    static final class NotFound extends UpstreamException {

        private static final long serialVersionUID = 1L;

        NotFound(String what) {
            super(what + " has no such thing", null);
        }
    }

    /** The service, or something on the way to it, does not let this request pass. */
    static final class Refused extends UpstreamException {

        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(String what, int status) {
            super(what + " refused with status " + status, null);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** What was written cannot be stored as it is. */
    static final class Invalid extends UpstreamException {

        private static final long serialVersionUID = 1L;

        private final transient List<Violation> violations;

        Invalid(List<Violation> violations) {
            super("not valid: " + violations, null);
            this.violations = List.copyOf(violations);
        }

        List<Violation> violations() {
            return violations;
        }
    }

    /** The service cannot be reached, or fails. */
    static final class Unavailable extends UpstreamException {

        private static final long serialVersionUID = 1L;

        Unavailable(String what, @Nullable Throwable cause) {
            super(what + " is not available", cause);
        }
    }

    /** One thing that is wrong with what was written. */
    record Violation(String field, String message) {}
}
