package io.weft.blog.launcher.telemetry;

import java.util.Map;

/** One value of a metric. */
public record Sample(String metric, Map<String, String> labels, double value) {

    public Sample {
        labels = Map.copyOf(labels);
    }

    /** Whether it has all of these labels. */
    public boolean has(Map<String, String> wanted) {
        return wanted.entrySet().stream()
                .allMatch(entry -> entry.getValue().equals(labels.get(entry.getKey())));
    }

    /** A label, empty when it is not there. */
    public String label(String name) {
        return labels.getOrDefault(name, "");
    }
}
