package io.weft.blog.launcher.telemetry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the text format of Prometheus.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition
 *     formats</a>
 */
public final class PrometheusText {

    private PrometheusText() {}

    /** All samples; comments and lines that are not samples are left out. */
    public static List<Sample> parse(String text) {
        List<Sample> samples = new ArrayList<>();
        text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> parseLine(line, samples));
        return samples;
    }

    private static void parseLine(String line, List<Sample> samples) {
        int brace = line.indexOf('{');
        int nameEnd = brace >= 0 ? brace : line.indexOf(' ');
        if (nameEnd < 0) {
            return;
        }
        Map<String, String> labels = new HashMap<>();
        int valueStart = brace < 0 ? nameEnd : parseLabels(line, brace + 1, labels);
        try {
            double value = Double.parseDouble(line.substring(valueStart).strip().split(" ", 2)[0]);
            samples.add(new Sample(line.substring(0, nameEnd), labels, value));
        } catch (NumberFormatException e) {
            // +Inf, NaN and the like count nothing.
        }
    }

    /** Returns the position behind the closing brace. */
    private static int parseLabels(String line, int start, Map<String, String> labels) {
        int at = start;
        while (at < line.length() && line.charAt(at) != '}') {
            int equals = line.indexOf("=\"", at);
            String name = line.substring(at, equals).strip();
            StringBuilder value = new StringBuilder();
            at = equals + 2;
            for (; line.charAt(at) != '"'; at++) {
                if (line.charAt(at) == '\\') {
                    at++;
                    value.append(line.charAt(at) == 'n' ? '\n' : line.charAt(at));
                } else {
                    value.append(line.charAt(at));
                }
            }
            labels.put(name, value.toString());
            at++;
            if (at < line.length() && line.charAt(at) == ',') {
                at++;
            }
        }
        return at + 1;
    }
}
