package io.weft.testkit.lab;

import io.weft.testkit.lab.mesh.LabSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The command line of {@code weft lab}. */
record LabOptions(
        Path topology,
        List<Path> resources,
        String rootNamespace,
        String trustDomain,
        boolean watch,
        boolean verbose) {

    static final String USAGE =
            """
            Usage: weft lab --topology FILE [--resources PATH]... [--root-namespace NAME]
                            [--trust-domain NAME] [--watch] [--verbose]
                   weft lab request [--control URL] FROM TO [METHOD] [PATH] [-H 'name: value']...
                            [-d BODY] [--protocol NAME] [--direct] [--tls] [--sni NAME]
                            [--count N] [--explain]
                   weft lab record [--control URL] FILE

            Runs a whole mesh on loopback, until SIGTERM or the end of standard input.

              --topology FILE          what stands in the mesh
              --resources PATH         policies, a file or a folder; may be repeated
              --root-namespace NAME    default istio-system
              --trust-domain NAME      default cluster.local
              --watch                  reads the resources again when they change
              --verbose                tells on standard error what the mesh does

            request sends one request through a running lab, or explains it. record writes the requests
            that are made until the end of standard input to FILE, as a PolicyTest.
            """;

    /** A wrong call. */
    static final class Misuse extends Exception {
        private static final long serialVersionUID = 1L;

        Misuse(String message) {
            super(message);
        }
    }

    static LabOptions parse(List<String> arguments) throws Misuse {
        Path topology = null;
        List<Path> resources = new ArrayList<>();
        String rootNamespace = LabSettings.ROOT_NAMESPACE;
        String trustDomain = LabSettings.TRUST_DOMAIN;
        boolean watch = false;
        boolean verbose = false;
        Arguments left = new Arguments(arguments);
        while (left.more()) {
            String option = left.next();
            switch (option) {
                case "--topology" -> topology = Path.of(left.value(option));
                case "--resources" -> resources.add(Path.of(left.value(option)));
                case "--root-namespace" -> rootNamespace = left.value(option);
                case "--trust-domain" -> trustDomain = left.value(option);
                case "--watch" -> watch = true;
                case "--verbose" -> verbose = true;
                default ->
                        throw new Misuse(
                                option
                                        + " (expected: --topology, --resources, --root-namespace,"
                                        + " --trust-domain, --watch, --verbose)");
            }
        }
        if (topology == null) {
            throw new Misuse("--topology: missing (expected: a file)");
        }
        return new LabOptions(
                topology, List.copyOf(resources), rootNamespace, trustDomain, watch, verbose);
    }

    /** Goes through arguments; {@code --name=value} counts as two. */
    static final class Arguments {

        private final List<String> all = new ArrayList<>();
        private int at;

        Arguments(List<String> arguments) {
            for (String argument : arguments) {
                int equals = argument.indexOf('=');
                if (argument.startsWith("--") && equals > 0) {
                    all.add(argument.substring(0, equals));
                    all.add(argument.substring(equals + 1));
                } else {
                    all.add(argument);
                }
            }
        }

        boolean more() {
            return at < all.size();
        }

        String next() {
            return all.get(at++);
        }

        String value(String option) throws Misuse {
            @Nullable String value = more() ? next() : null;
            if (value == null) {
                throw new Misuse(option + ": missing (expected: a value)");
            }
            return Objects.requireNonNull(value);
        }
    }
}
