package io.weft.blog.users;

/** A user that cannot be stored; the message says which field and what was expected. */
class InvalidUserException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    InvalidUserException(String message) {
        super(message);
    }
}
