package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.List;

/** Routes after one that takes everything (WFT0402). */
final class UnreachableRoutes implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            Field all = null;
            for (Field route : root.get("spec").get("http").items()) {
                if (all != null) {
                    report.warn(
                            Code.UNREACHABLE_ROUTE,
                            route,
                            "never matches: the route at line "
                                    + all.location().line()
                                    + " takes every request",
                            "move the general route to the end");
                } else if (takesAll(route)) {
                    all = route;
                }
            }
        }
    }

    private static boolean takesAll(Field route) {
        List<Field> matches = route.get("match").items();
        return matches.isEmpty() || matches.stream().anyMatch(UnreachableRoutes::isOpen);
    }

    private static boolean isOpen(Field match) {
        return match.entries().entrySet().stream()
                .allMatch(e ->
                        switch (e.getKey()) {
                            case "name", "statPrefix", "ignoreUriCase" -> true;
                            case "uri" ->
                                    e.getValue().get("prefix").text("").equals("/")
                                            || e.getValue().get("regex").text("").equals(".*");
                            default -> false;
                        });
    }
}
