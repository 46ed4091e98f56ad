package io.weft.cli;

import io.weft.engine.explain.Explanation;
import io.weft.engine.explain.Explanation.Guard;
import io.weft.engine.explain.Explanation.Layer;
import io.weft.engine.explain.Explanation.RouteChoice;
import io.weft.model.SpiffeId;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints an explanation from top to bottom, in the order in which a request meets things. */
final class ExplanationReport {

    private static final String LABEL = "%-10s%s";

    private final PrintWriter out;

    ExplanationReport(PrintWriter out) {
        this.out = out;
    }

    void print(String request, SpiffeId caller, String destination, Explanation explanation) {
        line("request", request + " to " + destination);
        line("from", caller.principal());
        guard("gateway", explanation.gateway());
        route(explanation.route());
        sent(request, destination, explanation);
        Explanation.Mtls mtls = explanation.mtls();
        if (mtls != null) {
            line(
                    "mTLS",
                    "client: "
                            + mtls.client()
                            + " ("
                            + mtls.clientOrigin().describe()
                            + "), server: "
                            + mtls.server()
                            + " ("
                            + mtls.serverOrigin().describe()
                            + ")"
                            + (mtls.fits() ? "" : "; they do not fit"));
        }
        guard("server", explanation.server());
        Explanation.Decision decision = explanation.decision();
        line(
                "decision",
                decision.result().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                        + (decision.result() == Explanation.Result.ALLOWED
                                ? ""
                                : " " + decision.status())
                        + ": "
                        + decision.reason());
        line("", "decided by " + decision.origin().describe());
        out.flush();
    }

    private void route(@Nullable RouteChoice route) {
        if (route == null) {
            return;
        }
        line("route", route.routeOrigin().describe());
        for (Explanation.Share share : route.destinations()) {
            line("", "%5.1f %%  %s".formatted(share.percent(), share.destination()));
        }
        if (route.destinations().isEmpty()) {
            line("", route.action());
        }
        if (!route.requestTimeout().isEmpty()) {
            line("", "time-out " + route.requestTimeout());
        }
        Explanation.Retries retries = route.retries();
        if (retries != null) {
            line(
                    "",
                    retries.retries()
                            + " retries on "
                            + String.join(", ", retries.on())
                            + (retries.perTryTimeout().isEmpty()
                                    ? ""
                                    : ", each try " + retries.perTryTimeout())
                            + " ("
                            + retries.origin().describe()
                            + ")");
        }
        for (Explanation.FilterUse filter : route.filters()) {
            line(
                    "filter",
                    filter.kind()
                            + " "
                            + filter.detail()
                            + (filter.applies() ? "" : " (does not apply)")
                            + " ("
                            + filter.origin().describe()
                            + ")");
        }
    }

    /** Only what is not as the caller wrote it. */
    private void sent(String request, String destination, Explanation explanation) {
        Explanation.Sent sent = explanation.sent();
        if (sent == null) {
            return;
        }
        String label = "sent";
        boolean rewritten =
                !request.endsWith(" " + sent.target()) || !destination.equals(sent.authority());
        if (rewritten) {
            line(label, sent.target() + " to " + sent.authority());
            label = "";
        }
        for (Map.Entry<String, String> header : sent.headers().entrySet()) {
            line(
                    label,
                    header.getValue().isEmpty()
                            ? "without " + header.getKey()
                            : header.getKey() + ": " + header.getValue());
            label = "";
        }
        for (String filter : sent.unknown()) {
            line(label, "what filter " + filter + " changes is not known here");
            label = "";
        }
    }

    private void guard(String where, @Nullable Guard guard) {
        if (guard == null) {
            return;
        }
        String origin =
                guard.token().origin() == null
                        ? ""
                        : " (" + guard.token().origin().describe() + ")";
        line(
                where,
                "token: "
                        + (guard.token().outcome()
                                        + " "
                                        + guard.token().principal()
                                        + " "
                                        + guard.token().reason())
                                .strip()
                        + origin);
        for (Layer layer : guard.layers()) {
            for (Explanation.Step step : layer.steps()) {
                line(
                        "",
                        "%-8s %-12s %s%s"
                                .formatted(
                                        step.action(),
                                        step.matched() ? "matches" : "no match",
                                        step.origin().describe(),
                                        step.shadow()
                                                ? " (dry run)"
                                                : step.decides() ? "  <- decides" : ""));
            }
            if (!layer.decided()) {
                line(
                        "",
                        "otherwise "
                                + layer.otherwise()
                                + " ("
                                + layer.otherwiseOrigin().describe()
                                + ")");
            }
        }
    }

    private void line(String label, String text) {
        out.println(LABEL.formatted(label, text));
    }
}
