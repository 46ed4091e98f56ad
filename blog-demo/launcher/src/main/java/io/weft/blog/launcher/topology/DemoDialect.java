package io.weft.blog.launcher.topology;

import io.weft.blog.launcher.DemoProblem;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The policy languages that the demo has a sample of. */
public enum DemoDialect {
    ISTIO,
    SMI,
    CONSUL;

    /** The name on the command line, which is also the sample's folder. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a name. */
    public static DemoDialect parse(String text) {
        return Arrays.stream(values())
                .filter(dialect -> dialect.id().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new DemoProblem(
                                DemoProblem.USAGE,
                                "--dialect: "
                                        + text
                                        + " (expected: "
                                        + Arrays.stream(values())
                                                .map(DemoDialect::id)
                                                .collect(Collectors.joining(", "))
                                        + ")"));
    }
}
