package io.weft.cli;

import io.weft.cli.shell.Style;
import io.weft.engine.explain.Explanation;
import io.weft.engine.explain.Explanation.Guard;
import io.weft.engine.explain.Explanation.Layer;
import io.weft.engine.explain.Explanation.RouteChoice;
import io.weft.preview.Answer;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Prints an explanation from top to bottom, in the order in which a request meets things. */
final class ExplanationReport {

    private static final String LABEL = "%-10s%s";

    private final PrintWriter out;
    private final Style style;

    ExplanationReport(PrintWriter out, Style style) {
        this.out = out;
        this.style = style;
    }

    void print(Explained explained) {
        Answer answer = explained.answer();
        Explanation explanation = answer.explanation();
        line("request", explained.request());
        explained.headers().forEach(this::header);
        line("caller", explained.caller() + asWhom(explained.identity()));
        String at = explained.commit().isEmpty() ? "" : "commit " + explained.commit() + ", ";
        line("source", at + explained.source());
        guard("gateway", explanation.gateway());
        route(explanation.route());
        sent(explanation.sent());
        mtls(explanation.mtls());
        if (!answer.callee().isEmpty()) {
            line("callee", answer.callee());
        }
        guard("policies", explanation.server());
        decision("decision", explanation);
        if (!answer.isUniform()) {
            line("", "but not every destination says the same:");
            answer.shares()
                    .forEach(share -> {
                        line("", "%5.1f %%  %s".formatted(share.percent(), share.destination()));
                        decision("", share.explanation());
                    });
        }
        out.flush();
    }

    private static String asWhom(String identity) {
        return identity.isEmpty() ? "" : "  as " + identity;
    }

    private void header(Map.Entry<String, String> header) {
        boolean secret = header.getKey().equalsIgnoreCase("authorization");
        line("", header.getKey() + ": " + (secret ? "…" : header.getValue()));
    }

    private void decision(String label, Explanation explanation) {
        Explanation.Decision decision = explanation.decision();
        Guard guard = explanation.server() == null ? explanation.gateway() : explanation.server();
        boolean otherwise =
                guard != null
                        && guard.layers().stream()
                                .anyMatch(layer ->
                                        !layer.decided()
                                                && layer.otherwise().equals("DENY")
                                                && layer.otherwiseOrigin()
                                                        .equals(decision.origin()));
        boolean allowed = decision.result() == Explanation.Result.ALLOWED;
        String word = decision.result().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String text = allowed ? style.green(word) : style.red(word + " " + decision.status());
        boolean says = decision.reason().contains(decision.origin().describe());
        boolean none = decision.result() == Explanation.Result.DENIED && otherwise;
        String why = none ? "no rule allows it" : says ? "" : decision.reason();
        line(label, text + (why.isEmpty() ? "" : ": " + why));
        line("", "decided by " + style.bold(decision.origin().describe()));
    }

    private void mtls(Explanation.@Nullable Mtls mtls) {
        if (mtls == null) {
            return;
        }
        line("mTLS", mtls.fits() ? mtls.client() : style.red("the two sides do not fit"));
        line("", "client: " + mtls.client() + " (" + mtls.clientOrigin().describe() + ")");
        line("", "server: " + mtls.server() + " (" + mtls.serverOrigin().describe() + ")");
    }

    private void route(@Nullable RouteChoice route) {
        if (route == null) {
            return;
        }
        String name = route.route().isEmpty() ? "" : "  (route " + route.route() + ")";
        line("route", route.routeOrigin().describe() + name);
        for (Explanation.Share share : route.destinations()) {
            line("", "%5.1f %%  %s".formatted(share.percent(), share.destination()));
        }
        if (route.destinations().isEmpty()) {
            line("", route.action());
        }
        if (!route.requestTimeout().isEmpty()) {
            line("", "time-out " + duration(route.requestTimeout()));
        }
        retries(route.retries());
        for (Explanation.FilterUse filter : route.filters()) {
            line(
                    "filter",
                    (filter.kind() + " " + filter.detail()).strip()
                            + (filter.applies() ? "" : style.faint(" (does not apply)"))
                            + "  ("
                            + filter.origin().describe()
                            + ")");
        }
    }

    private void retries(Explanation.@Nullable Retries retries) {
        if (retries == null || retries.retries() == 0) {
            return;
        }
        line(
                "",
                retries.retries()
                        + (retries.retries() == 1 ? " retry on " : " retries on ")
                        + String.join(", ", retries.on()).toLowerCase(Locale.ROOT)
                        + (retries.perTryTimeout().isEmpty()
                                ? ""
                                : ", each try " + duration(retries.perTryTimeout()))
                        + " ("
                        + retries.origin().describe()
                        + ")");
    }

    private static String duration(String iso) {
        return iso.startsWith("PT") ? iso.substring(2).toLowerCase(Locale.ROOT) : iso;
    }

    private void sent(Explanation.@Nullable Sent sent) {
        if (sent == null) {
            return;
        }
        if (!sent.headers().isEmpty() || !sent.unknown().isEmpty()) {
            line("sent as", (sent.target() + " at " + sent.authority()).strip());
            sent.headers()
                    .forEach((name, value) ->
                            line("", value.isEmpty() ? "without " + name : name + ": " + value));
        }
        sent.unknown()
                .forEach(
                        each -> line("", "what filter " + each + " makes of it is not known here"));
    }

    private void guard(String where, @Nullable Guard guard) {
        if (guard == null) {
            return;
        }
        Explanation.Token token = guard.token();
        String origin = token.origin() == null ? "" : "  (" + token.origin().describe() + ")";
        String text =
                token.outcome().equals("none")
                        ? "no token"
                        : "token "
                                + (token.outcome() + " " + token.principal()).strip()
                                + (token.reason().isEmpty() ? "" : ": " + token.reason());
        line(where, text + origin);
        guard.layers().forEach(this::layer);
    }

    private void layer(Layer layer) {
        for (Explanation.Step step : layer.steps()) {
            String mark =
                    step.shadow()
                            ? style.faint("  (dry run)")
                            : step.decides() ? style.bold("  <- decides") : "";
            line(
                    "",
                    "%-8s %-10s %s%s"
                            .formatted(
                                    step.action(),
                                    step.matched() ? "matches" : "no match",
                                    step.origin().describe(),
                                    mark));
            line("", style.faint(" ".repeat(20) + "when " + step.condition()));
        }
        if (!layer.decided()) {
            line(
                    "",
                    "%-8s %-10s %s%s"
                            .formatted(
                                    layer.otherwise(),
                                    "otherwise",
                                    layer.otherwiseOrigin().describe(),
                                    style.bold("  <- decides")));
        }
    }

    private void line(String label, String text) {
        out.println(LABEL.formatted(label, Objects.requireNonNull(text)));
    }
}
