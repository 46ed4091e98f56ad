package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Texts;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Routes and matches that earlier ones leave nothing for (IST0130, IST0131). */
final class RouteMatches implements Check {

    private static final Set<String> NAMES = Set.of("name", "statPrefix");

    /** Longer ones are compared up to here. */
    private static final int MAX_PREFIX = 512;

    /** Of matches with one prefix that differ otherwise, so many are looked at. */
    private static final int MAX_SAME = 100;

    private record Seen(Field match, String route) {}

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            for (String kind : List.of("http", "tls", "tcp")) {
                check(root.get("spec").get(kind), kind.equals("http"), report);
            }
        }
    }

    private static void check(Field routes, boolean http, Report report) {
        Map<String, String> seen = new HashMap<>();
        Map<String, List<Seen>> earlier = new HashMap<>();
        boolean open = false;
        int number = -1;
        for (Field route : routes.items()) {
            String name = name(route, ++number);
            List<Field> matches = route.get("match").items();
            if (matches.isEmpty()) {
                if (open) {
                    report.add(
                            IstioCode.VIRTUAL_SERVICE_UNREACHABLE_RULE,
                            route,
                            name,
                            "only the last rule can have no matches");
                }
                open = true;
                continue;
            }
            int repeated = 0;
            for (int i = 0; i < matches.size(); i++) {
                Field match = matches.get(i);
                String first = seen.putIfAbsent(Texts.canonical(match, NAMES), name);
                String wider = first == null && http ? wider(match, earlier) : first;
                if (wider != null) {
                    report.add(
                            IstioCode.VIRTUAL_SERVICE_INEFFECTIVE_MATCH,
                            match,
                            name,
                            name(match, i),
                            wider);
                }
                repeated += first == null ? 0 : 1;
                String prefix = prefix(match);
                if (!prefix.isEmpty()) {
                    earlier.computeIfAbsent(prefix, p -> new ArrayList<>())
                            .add(new Seen(match, name));
                }
            }
            if (repeated == matches.size()) {
                report.add(
                        IstioCode.VIRTUAL_SERVICE_UNREACHABLE_RULE,
                        route,
                        name,
                        "all matches used by prior rules");
            }
        }
    }

    private static String name(Field field, int index) {
        String name = field.get("name").text("");
        return name.isEmpty() ? "#" + index : "\"" + name + "\"";
    }

    /** By prefix, so that thousands of routes are not all compared with each other. */
    private static @Nullable String wider(Field match, Map<String, List<Seen>> earlier) {
        String longer = prefix(match);
        int most = Math.min(longer.length(), MAX_PREFIX);
        for (int length = 1; length <= most; length++) {
            List<Seen> same = earlier.getOrDefault(longer.substring(0, length), List.of());
            for (Seen seen : same.subList(0, Math.min(same.size(), MAX_SAME))) {
                if (covers(seen.match(), match)) {
                    return seen.route();
                }
            }
        }
        return null;
    }

    private static String prefix(Field match) {
        return match.get("uri").get("prefix").text("");
    }

    /** Whether a prefix takes all that a longer prefix under the same conditions would. */
    private static boolean covers(Field wide, Field narrow) {
        return wide.entries().entrySet().stream()
                .filter(e -> !e.getKey().equals("uri") && !NAMES.contains(e.getKey()))
                .allMatch(e -> asks(narrow.get(e.getKey()), e.getValue()));
    }

    private static boolean asks(Field narrow, Field wide) {
        if (wide.isMapping() && narrow.isMapping() && !wide.isEmpty()) {
            return wide.entries().entrySet().stream()
                    .allMatch(e -> {
                        Field member = narrow.get(e.getKey());
                        return member.isPresent()
                                && Texts.canonical(member).equals(Texts.canonical(e.getValue()));
                    });
        }
        return narrow.isPresent() && Texts.canonical(narrow).equals(Texts.canonical(wide));
    }
}
