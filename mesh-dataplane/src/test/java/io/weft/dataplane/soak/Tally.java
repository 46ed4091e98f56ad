package io.weft.dataplane.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** How many requests are still to be sent, and what has become of them. Thread-safe. */
final class Tally {

    private final AtomicLong left;
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();

    /** What must not be. */
    private final Map<String, LongAdder> wrong = new ConcurrentHashMap<>();

    Tally(long requests) {
        left = new AtomicLong(requests);
    }

    /** The number of the next request; negative when there are enough. */
    long next() {
        return left.getAndDecrement() - 1;
    }

    void count(String outcome) {
        outcomes.computeIfAbsent(outcome, name -> new LongAdder()).increment();
    }

    void wrong(String what) {
        wrong.computeIfAbsent(what, name -> new LongAdder()).increment();
    }

    Map<String, LongAdder> outcomes() {
        return new TreeMap<>(outcomes);
    }

    Map<String, LongAdder> wrong() {
        return new TreeMap<>(wrong);
    }

    long counted() {
        return outcomes.values().stream().mapToLong(LongAdder::sum).sum();
    }
}
