package io.weft.benchmarks;

import io.weft.benchmarks.proxy.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the command line of {@code benchmarks/compare} says.
 *
 * @param peers names, in the order of the table
 * @param window one measurement
 * @param warm how long what is compiled while it runs is warmed
 * @param rate requests per second of the open loop
 * @param concurrency requests under way in the closed loop
 * @param agent the sidecar: an executable archive
 * @param weftOptions options of the sidecar's JVM; several are compared with each other
 * @param routes a sidecar with that many takes part, too; 0 for none
 * @param telemetry whether the sidecar without its telemetry takes part in full scenarios, too
 * @param keep whether configuration and logs stay
 */
record CompareOptions(
        boolean json,
        List<String> peers,
        Duration window,
        Duration warm,
        int rounds,
        List<Scenario> scenarios,
        int rate,
        int concurrency,
        Path agent,
        List<List<String>> weftOptions,
        int routes,
        boolean telemetry,
        boolean keep) {

    static final String USAGE =
            """
            benchmarks/compare [options]: what a request costs in Weft and in its peers

              --json               JSON lines instead of a table
              --peers LIST         of nginx,haproxy,envoy,scg (default: all; what is missing is named),
                                   or none
              --seconds N          length of a measurement (default 4)
              --rounds N           measurements of each proxy and scenario, interleaved (default 5)
              --warm N             seconds of load before what a JVM compiles is measured (default 20)
              --scenarios LIST     of %s
              --rate N             requests per second of the open loop (default 1000)
              --concurrency N      requests under way in the closed loop (default 64)
              --agent FILE         the sidecar's executable archive (default: the one built here)
              --weft-options "…"   options of the sidecar's JVM instead of the shipped ones; given
                                   again, the sidecar with these takes part as weft-2, and so on
              --routes N           the sidecar with N routes, of which the last matches, takes part
                                   as weft-N-routes, with a larger heap
              --telemetry          the sidecar that records nothing takes part in full scenarios, too
              --keep               keep configuration and logs, and say where
            """
                    .formatted(
                            String.join(",", Scenario.all().stream().map(Scenario::name).toList()));

    private static final List<String> PEERS = List.of("nginx", "haproxy", "envoy", "scg");

    /**
     * @throws IllegalArgumentException saying what is wrong and what was expected
     */
    static CompareOptions parse(Path home, String... arguments) {
        ArrayDeque<String> rest = new ArrayDeque<>(List.of(arguments));
        CompareOptions options =
                new CompareOptions(
                        false,
                        PEERS,
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(20),
                        5,
                        Scenario.all(),
                        1000,
                        64,
                        home.resolve("mesh-agent/target/mesh-agent-0.1.0-SNAPSHOT-exec.jar"),
                        List.of(),
                        0,
                        false,
                        false);
        while (!rest.isEmpty()) {
            options = options.with(rest.poll(), rest);
        }
        return options;
    }

    private CompareOptions with(String option, ArrayDeque<String> rest) {
        return switch (option) {
            case "--json" -> copy(true, peers, window, warm, rounds, scenarios, rate, concurrency);
            case "--keep" ->
                    new CompareOptions(
                            json,
                            peers,
                            window,
                            warm,
                            rounds,
                            scenarios,
                            rate,
                            concurrency,
                            agent,
                            weftOptions,
                            routes,
                            telemetry,
                            true);
            case "--telemetry" ->
                    new CompareOptions(
                            json,
                            peers,
                            window,
                            warm,
                            rounds,
                            scenarios,
                            rate,
                            concurrency,
                            agent,
                            weftOptions,
                            routes,
                            true,
                            keep);
            case "--peers" -> {
                List<String> named =
                        list(value(option, rest)).stream()
                                .filter(peer -> !peer.equals("none"))
                                .toList();
                named.stream()
                        .filter(peer -> !PEERS.contains(peer))
                        .findFirst()
                        .ifPresent(peer -> {
                            throw wrong(option, peer, String.join(",", PEERS));
                        });
                yield copy(json, named, window, warm, rounds, scenarios, rate, concurrency);
            }
            case "--seconds" ->
                    copy(
                            json,
                            peers,
                            Duration.ofSeconds(number(option, rest)),
                            warm,
                            rounds,
                            scenarios,
                            rate,
                            concurrency);
            case "--warm" ->
                    copy(
                            json,
                            peers,
                            window,
                            Duration.ofSeconds(number(option, rest)),
                            rounds,
                            scenarios,
                            rate,
                            concurrency);
            case "--rounds" ->
                    copy(
                            json,
                            peers,
                            window,
                            warm,
                            number(option, rest),
                            scenarios,
                            rate,
                            concurrency);
            case "--scenarios" ->
                    copy(
                            json,
                            peers,
                            window,
                            warm,
                            rounds,
                            list(value(option, rest)).stream().map(Scenario::parse).toList(),
                            rate,
                            concurrency);
            case "--rate" ->
                    copy(
                            json,
                            peers,
                            window,
                            warm,
                            rounds,
                            scenarios,
                            number(option, rest),
                            concurrency);
            case "--concurrency" ->
                    copy(json, peers, window, warm, rounds, scenarios, rate, number(option, rest));
            case "--agent" ->
                    new CompareOptions(
                            json,
                            peers,
                            window,
                            warm,
                            rounds,
                            scenarios,
                            rate,
                            concurrency,
                            Path.of(value(option, rest)),
                            weftOptions,
                            routes,
                            telemetry,
                            keep);
            case "--weft-options" ->
                    new CompareOptions(
                            json,
                            peers,
                            window,
                            warm,
                            rounds,
                            scenarios,
                            rate,
                            concurrency,
                            agent,
                            another(words(value(option, rest))),
                            routes,
                            telemetry,
                            keep);
            case "--routes" ->
                    new CompareOptions(
                            json,
                            peers,
                            window,
                            warm,
                            rounds,
                            scenarios,
                            rate,
                            concurrency,
                            agent,
                            weftOptions,
                            number(option, rest),
                            telemetry,
                            keep);
            default -> throw wrong("option", option, "see --help");
        };
    }

    private List<List<String>> another(List<String> options) {
        List<List<String>> all = new ArrayList<>(weftOptions);
        all.add(options);
        return all;
    }

    /** The options with which the sidecar takes part, at least the shipped ones. */
    List<List<String>> weftVariants(Path home) {
        return weftOptions.isEmpty() ? List.of(ShippedOptions.read(home)) : weftOptions;
    }

    private CompareOptions copy(
            boolean newJson,
            List<String> newPeers,
            Duration newWindow,
            Duration newWarm,
            int newRounds,
            List<Scenario> newScenarios,
            int newRate,
            int newConcurrency) {
        return new CompareOptions(
                newJson,
                newPeers,
                newWindow,
                newWarm,
                newRounds,
                newScenarios,
                newRate,
                newConcurrency,
                agent,
                weftOptions,
                routes,
                telemetry,
                keep);
    }

    private static int number(String option, ArrayDeque<String> rest) {
        String text = value(option, rest);
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(option, text, "a number above 0");
        }
        throw wrong(option, text, "a number above 0");
    }

    private static String value(String option, ArrayDeque<String> rest) {
        String value = rest.poll();
        if (value == null) {
            throw wrong(option, "", "a value");
        }
        return value;
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+")).filter(s -> !s.isEmpty()).toList();
    }

    private static IllegalArgumentException wrong(String what, String value, String expected) {
        return new IllegalArgumentException(
                what + ": '" + value + "' (expected: " + expected + ")");
    }
}
