package io.weft.blog.api;

import java.util.List;

/** An article that cannot be stored, with everything that is wrong with it. */
final class InvalidArticleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    InvalidArticleException(List<Violation> violations) {
        super("the article is not valid: " + violations);
        this.violations = List.copyOf(violations);
    }

    List<Violation> violations() {
        return violations;
    }
}
