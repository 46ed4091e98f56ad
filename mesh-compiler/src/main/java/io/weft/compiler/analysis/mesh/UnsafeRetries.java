package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Retries of requests that the server may have acted on already, without a budget (WFT0407). */
final class UnsafeRetries implements Check {

    /** Failures after which the server may have done the work. */
    private static final Set<String> AFTER_THE_FACT =
            Set.of(
                    "5xx",
                    "gateway-error",
                    "reset",
                    "retriable-4xx",
                    "retriable-status-codes",
                    "deadline-exceeded",
                    "internal");

    /** RFC 9110, section 9.2.2. */
    private static final Set<String> IDEMPOTENT =
            Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    @Override
    public void run(MeshView mesh, Report report) {
        Set<String> budgeted = new HashSet<>();
        for (Field rule : mesh.all(MeshView.NETWORKING, "DestinationRule")) {
            Field spec = rule.get("spec");
            if (spec.get("trafficPolicy").get("retryBudget").isPresent()) {
                budgeted.add(mesh.qualify(spec.get("host").text(""), rule.resource().namespace()));
            }
        }
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            for (Field route : root.get("spec").get("http").items()) {
                check(mesh, route, budgeted, report);
            }
        }
    }

    private static void check(MeshView mesh, Field route, Set<String> budgeted, Report report) {
        Field retries = route.get("retries");
        int attempts = retries.get("attempts").integer(0, Integer.MAX_VALUE, 0);
        List<String> unsafe = new ArrayList<>();
        for (String condition : retries.get("retryOn").text("").split(",", -1)) {
            String word = condition.strip();
            if (AFTER_THE_FACT.contains(word) || word.matches("[45][0-9][0-9]")) {
                unsafe.add(word);
            }
        }
        String namespace = route.resource().namespace();
        boolean bounded =
                route.get("route").items().stream()
                        .map(target -> target.get("destination").get("host").text(""))
                        .allMatch(host -> budgeted.contains(mesh.qualify(host, namespace)));
        if (attempts > 0 && !unsafe.isEmpty() && !bounded && !onlyIdempotent(route)) {
            report.warn(
                    Code.UNSAFE_RETRY,
                    retries,
                    "repeats POST and PATCH up to "
                            + attempts
                            + " times on "
                            + String.join(", ", unsafe)
                            + ", when the server may have acted already, and no retryBudget bounds"
                            + " the added load",
                    "match idempotent methods in a route of their own, or set"
                            + " trafficPolicy.retryBudget in a DestinationRule");
        }
    }

    private static boolean onlyIdempotent(Field route) {
        List<Field> matches = route.get("match").items();
        return !matches.isEmpty()
                && matches.stream()
                        .allMatch(m -> IDEMPOTENT.contains(m.get("method").get("exact").text("")));
    }
}
