package io.weft.benchmarks.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What stands between load and backend, and what it has to do. */
public record Scenario(Hops hops, Wire wire, Features features) {

    /** How many proxies a request passes. */
    public enum Hops {
        /** A gateway: plain text on both sides. */
        SINGLE,
        /** Two sidecars with mutual TLS 1.3 in between. */
        PAIR
    }

    /** What the client speaks; the pair speaks the same in between, the backend HTTP/1.1. */
    public enum Wire {
        H1,
        H2
    }

    /** What happens to a request besides being forwarded. */
    public enum Features {
        PLAIN,
        /**
         * Authorisation with {@link #RULES} rules of which the last allows, metrics, an access log
         * to a file, tracing headers with 1 % of the requests sampled.
         */
        FULL
    }

    /** Rules of authorisation in {@link Features#FULL}. */
    public static final int RULES = 10;

    public static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (Hops hops : Hops.values()) {
            for (Wire wire : Wire.values()) {
                for (Features features : Features.values()) {
                    all.add(new Scenario(hops, wire, features));
                }
            }
        }
        return all;
    }

    /**
     * @throws IllegalArgumentException naming the scenarios that there are
     */
    public static Scenario parse(String name) {
        return all().stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "scenario: '"
                                        + name
                                        + "' (expected: one of "
                                        + String.join(
                                                ", ", all().stream().map(Scenario::name).toList())
                                        + ")"));
    }

    /** For example {@code pair-h1-mtls-full}. */
    public String name() {
        String chain = hops == Hops.PAIR ? "pair-%s-mtls-%s" : "single-%s-%s";
        return chain.formatted(lower(wire), lower(features));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    public boolean pair() {
        return hops == Hops.PAIR;
    }

    public boolean http2() {
        return wire == Wire.H2;
    }

    public boolean full() {
        return features == Features.FULL;
    }
}
