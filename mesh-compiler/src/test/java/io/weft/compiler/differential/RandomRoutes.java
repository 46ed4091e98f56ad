package io.weft.compiler.differential;

import io.weft.engine.SampleRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Matches and requests over few words, so that they meet often. For one thread. */
final class RandomRoutes {

    private static final String[] PATHS = {"/a", "/a/b", "/ab", "/A", "/a/b/c", "/b", "/a.b"};

    private final SplittableRandom random;

    RandomRoutes(long seed) {
        random = new SplittableRandom(seed);
    }

    boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    private String any(String... of) {
        return of[random.nextInt(of.length)];
    }

    <T> List<T> list(int least, int most, Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    private WrittenMatch.Test text(boolean presence) {
        String form = presence ? any("exact", "prefix", "regex", "present") : any("exact", "regex");
        return new WrittenMatch.Test(
                form, form.equals("regex") ? any("x|y", "x.*", ".y", "[xz]") : any("x", "y", "xy"));
    }

    WrittenMatch virtualService() {
        Map<String, WrittenMatch.Test> tests = new LinkedHashMap<>();
        if (!oneIn(4)) {
            String form = any("exact", "prefix", "prefix", "regex");
            tests.put(
                    "uri",
                    new WrittenMatch.Test(
                            form,
                            form.equals("regex")
                                    ? any("/a.*", "/[ab]", ".*/b", "/a.b", "/(a|b)/?.*")
                                    : any(PATHS)));
        }
        if (oneIn(4)) {
            tests.put("method", new WrittenMatch.Test(any("exact", "prefix"), any("GET", "P")));
        }
        if (oneIn(4)) {
            tests.put("headers x-a", text(true));
        }
        if (oneIn(6)) {
            tests.put("headers x-b", text(true));
        }
        if (oneIn(5)) {
            tests.put("withoutHeaders x-b", text(true));
        }
        if (oneIn(4)) {
            tests.put("queryParams q", text(false));
        }
        if (oneIn(8)) {
            tests.put("port", new WrittenMatch.Test("exact", any("80", "81")));
        }
        boolean ignoreCase = tests.containsKey("uri") && oneIn(5);
        return tests.isEmpty() ? virtualService() : new WrittenMatch(tests, ignoreCase);
    }

    WrittenMatch httpRoute() {
        Map<String, WrittenMatch.Test> tests = new LinkedHashMap<>();
        if (!oneIn(4)) {
            String form = any("Exact", "PathPrefix", "PathPrefix");
            tests.put("path", new WrittenMatch.Test(form, oneIn(6) ? "/" : any(PATHS)));
        }
        if (oneIn(4)) {
            tests.put("method", new WrittenMatch.Test("Exact", any("GET", "POST")));
        }
        for (String header : List.of("headers x-a", "headers x-b", "queryParams q")) {
            if (oneIn(4)) {
                tests.put(header, new WrittenMatch.Test("Exact", any("x", "y")));
            }
        }
        return new WrittenMatch(tests, false);
    }

    SampleRequest request() {
        SampleRequest.Builder builder =
                SampleRequest.http(any("GET", "POST", "PUT"), "/")
                        .path(oneIn(5) ? any("/", "/a/", "/aXb", "/A/b") : any(PATHS))
                        .authority("api.shop")
                        .destinationPort(80);
        if (oneIn(2)) {
            builder.header("x-a", any("x", "y", "xy", "z"));
        }
        if (oneIn(2)) {
            builder.header("x-b", any("x", "y", "xy", "z"));
        }
        if (oneIn(2)) {
            builder.query(any("q=x", "q=y&q=x", "a=1&q=xy", "q", "p=x"));
        }
        return builder.build();
    }
}
