package io.weft.compiler.diagnostic;

/** How bad a finding is. */
public enum Level {
    /** Refuses the whole commit. */
    ERROR("Error"),
    /** In force, but probably not what was meant. */
    WARNING("Warning"),
    /** For your information. */
    INFO("Info");

    private final String title;

    Level(String title) {
        this.title = title;
    }

    /** As it stands at the start of a line. */
    public String title() {
        return title;
    }
}
