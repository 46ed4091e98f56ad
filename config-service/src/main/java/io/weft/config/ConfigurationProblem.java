package io.weft.config;

/**
 * The service cannot start as configured; the message is one line: the property, its value, what
 * was expected.
 */
final class ConfigurationProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ConfigurationProblem(String message) {
        super(message);
    }
}
