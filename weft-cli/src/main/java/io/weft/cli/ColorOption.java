package io.weft.cli;

import picocli.CommandLine.Option;

/** Whether to colour: on a terminal, unless {@code NO_COLOR} is set or somebody says otherwise. */
final class ColorOption {

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

    boolean isOn() {
        return color;
    }

    Style style() {
        return new Style(color);
    }
}
