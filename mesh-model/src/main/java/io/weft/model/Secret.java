package io.weft.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A text that must not appear in logs: {@link #toString} redacts it. */
public final class Secret {

    private final String value;

    @JsonCreator
    public Secret(String value) {
        this.value = value;
    }

    /** The text itself; only what sends or stores it may ask. */
    @JsonValue
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
