package io.weft.compiler.differential;

import io.weft.engine.SampleRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A match of a VirtualService or of an HTTPRoute as somebody wrote it, and the plainest reading of
 * it. A test is {@code {form: "exact", value: "/a"}}, the forms named as the dialect names them.
 *
 * @param tests by what is tested: {@code uri}, {@code method}, {@code port}, {@code headers x}, …
 * @param ignoreCase VirtualService's {@code ignoreUriCase}
 */
record WrittenMatch(Map<String, Test> tests, boolean ignoreCase) {

    /** One string and how it is compared. */
    record Test(String form, String value) {

        boolean holds(String text, boolean ignoreCase) {
            String given = ignoreCase ? text.toLowerCase() : text;
            String wanted = ignoreCase ? value.toLowerCase() : value;
            return switch (form) {
                case "exact", "Exact" -> given.equals(wanted);
                case "prefix" -> given.startsWith(wanted);
                case "regex", "RegularExpression" -> Pattern.matches(value, text);
                case "PathPrefix" ->
                        value.equals("/") || text.equals(value) || text.startsWith(value + "/");
                case "present" -> true;
                default -> throw new IllegalStateException(form);
            };
        }

        String istio() {
            return form.equals("present") ? "{}" : "{" + form + ": \"" + value + "\"}";
        }

        String gateway() {
            return "type: " + form + ", value: \"" + value + "\"";
        }
    }

    boolean holds(SampleRequest request) {
        for (var entry : tests.entrySet()) {
            String[] subject = entry.getKey().split(" ");
            Test test = entry.getValue();
            String text =
                    switch (subject[0]) {
                        case "uri", "path" -> request.path();
                        case "method" -> request.method();
                        case "authority" -> request.authority();
                        case "port" -> Integer.toString(request.destinationPort());
                        case "headers", "withoutHeaders" -> request.header(subject[1]);
                        case "queryParams" -> parameter(request.query(), subject[1]);
                        default -> throw new IllegalStateException(entry.getKey());
                    };
            boolean held;
            if (subject[0].equals("withoutHeaders")) {
                boolean presence = test.form.equals("present");
                held = presence ? text == null : !test.holds(text == null ? "" : text, false);
            } else {
                boolean uri = subject[0].equals("uri") && !test.form.equals("regex");
                held = text != null && test.holds(text, uri && ignoreCase);
            }
            if (!held) {
                return false;
            }
        }
        return true;
    }

    private static String parameter(String query, String name) {
        for (String part : query == null ? new String[0] : query.split("&")) {
            if (part.equals(name) || part.startsWith(name + "=")) {
                return part.substring(Math.min(part.length(), name.length() + 1));
            }
        }
        return null;
    }

    private long count(String subject) {
        return tests.keySet().stream().filter(key -> key.startsWith(subject)).count();
    }

    /** The Gateway API's precedence: the greater goes first. */
    int compareSpecificity(WrittenMatch other) {
        long[][] ranks = {ranks(), other.ranks()};
        for (int i = 0; i < ranks[0].length; i++) {
            int compared = Long.compare(ranks[0][i], ranks[1][i]);
            if (compared != 0) {
                return compared;
            }
        }
        return 0;
    }

    private long[] ranks() {
        Test path = tests.getOrDefault("path", new Test("PathPrefix", "/"));
        return new long[] {
            path.form.equals("Exact") ? 1 : 0,
            path.value.length(),
            count("method"),
            count("headers"),
            count("queryParams")
        };
    }

    String istio() {
        List<String> parts = new ArrayList<>();
        tests.forEach((subject, test) -> {
            String[] words = subject.split(" ");
            if (words.length == 1) {
                parts.add(words[0] + ": " + (words[0].equals("port") ? test.value : test.istio()));
            }
        });
        for (String group : List.of("headers", "withoutHeaders", "queryParams")) {
            List<String> named = new ArrayList<>();
            tests.forEach((subject, test) -> {
                if (subject.startsWith(group + " ")) {
                    named.add(subject.substring(group.length() + 1) + ": " + test.istio());
                }
            });
            if (!named.isEmpty()) {
                parts.add(group + ": {" + String.join(", ", named) + "}");
            }
        }
        if (ignoreCase) {
            parts.add("ignoreUriCase: true");
        }
        return "{" + String.join(", ", parts) + "}";
    }

    String gateway() {
        List<String> parts = new ArrayList<>();
        tests.forEach((subject, test) -> {
            switch (subject) {
                case "path" -> parts.add("path: {" + test.gateway() + "}");
                case "method" -> parts.add("method: " + test.value);
                default -> {}
            }
        });
        for (String group : List.of("headers", "queryParams")) {
            List<String> named = new ArrayList<>();
            tests.forEach((subject, test) -> {
                if (subject.startsWith(group + " ")) {
                    named.add(
                            "{name: "
                                    + subject.substring(group.length() + 1)
                                    + ", "
                                    + test.gateway()
                                    + "}");
                }
            });
            if (!named.isEmpty()) {
                parts.add(group + ": [" + String.join(", ", named) + "]");
            }
        }
        return "{" + String.join(", ", parts) + "}";
    }
}
