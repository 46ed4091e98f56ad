package io.weft.cli.shell;

import picocli.CommandLine.Option;

/** Whether to colour: on a terminal, unless {@code NO_COLOR} is set or somebody says otherwise. */
public final class ColorOption {

    @Option(
            names = "--color",
            paramLabel = "true|false",
            description = "Colours: true, false (default: on a terminal, unless $NO_COLOR is set).",
            arity = "0..1",
            fallbackValue = "true")
    private Boolean color = isTerminal();

    private static boolean isTerminal() {
        return System.console() != null
                && System.console().isTerminal()
                && System.getenv("NO_COLOR") == null;
    }

    public boolean isOn() {
        return color;
    }

    public Style style() {
        return new Style(color);
    }
}
