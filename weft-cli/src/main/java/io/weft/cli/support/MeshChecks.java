package io.weft.cli.support;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.support.CheckReport.Category;
import io.weft.cli.support.CheckReport.Check;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The checks of a running mesh. */
record MeshChecks(ControlPlane control, InstantSource clock) {

    private static final Duration SOON = Duration.ofDays(30);
    private static final String POLICY_SERVICE = "docs/policy-service.md";
    private static final String SECURITY = "docs/security.md";

    CheckReport run() {
        JsonNode status;
        try {
            status = control.status();
        } catch (CommandProblem e) {
            Check unreachable =
                    Check.bad(
                            "can ask the control plane",
                            String.valueOf(e.getMessage()),
                            POLICY_SERVICE);
            return CheckReport.of(List.of(new Category("weft-api", List.of(unreachable))));
        }
        return CheckReport.of(
                List.of(
                        new Category("weft-api", List.of(Check.good("can ask the control plane"))),
                        new Category("weft-configuration", configuration(status)),
                        new Category("weft-identity", identity(status)),
                        new Category("weft-proxies", proxies(control.workloads()))));
    }

    private static List<Check> configuration(JsonNode status) {
        List<Check> checks = new ArrayList<>();
        String in = "policies are in force";
        checks.add(
                status.path("inForce").isObject()
                        ? Check.good(in)
                        : Check.bad(in, "nothing is in force yet", POLICY_SERVICE));
        String problem = status.path("source").path("problem").asString("");
        String source = "the source of policies answers";
        checks.add(
                problem.isEmpty()
                        ? Check.good(source)
                        : Check.bad(source, problem, "docs/config-service.md"));
        JsonNode refused = status.path("refused");
        String newest = "the newest commit was taken";
        checks.add(
                refused.isObject()
                        ? Check.bad(
                                newest,
                                "commit "
                                        + refused.path("commit").path("shortCommit").asString("")
                                        + " was refused: "
                                        + refused.path("diagnostics")
                                                .path(0)
                                                .path("text")
                                                .asString("weft status tells why"),
                                "docs/diagnostics/README.md")
                        : Check.good(newest));
        for (JsonNode keys : status.path("keySets")) {
            String name = "keys of tokens can be had: " + keys.path("url").asString("");
            String error = keys.path("problem").asString("");
            if (!error.isEmpty()) {
                checks.add(Check.warning(name, error, SECURITY));
            }
        }
        return checks;
    }

    private List<Check> identity(JsonNode status) {
        String name = "the certificate authority's root is valid for long";
        String until = status.path("authority").path("expiresAt").asString("");
        try {
            Instant end = Instant.parse(until);
            Duration left = Duration.between(clock.instant(), end);
            if (left.isNegative()) {
                return List.of(Check.bad(name, "over since " + until, SECURITY));
            }
            return List.of(
                    left.compareTo(SOON) < 0
                            ? Check.warning(name, left.toDays() + " days are left", SECURITY)
                            : Check.good(name));
        } catch (DateTimeParseException e) {
            return List.of(Check.warning(name, "it does not say until when", SECURITY));
        }
    }

    private List<Check> proxies(JsonNode workloads) {
        List<String> gone = new ArrayList<>();
        List<String> stale = new ArrayList<>();
        List<String> refusing = new ArrayList<>();
        List<String> expired = new ArrayList<>();
        for (JsonNode each : workloads) {
            String name =
                    each.path("instance").asString("") + "." + each.path("namespace").asString("");
            if (!each.path("connected").asBoolean(false)) {
                gone.add(name);
            } else if (each.path("refusal").isObject()) {
                refusing.add(name + ": " + each.path("refusal").path("reason").asString(""));
            } else if (!each.path("inSync").asBoolean(false)) {
                stale.add(name);
            }
            if (isOver(each.path("certificate").path("notAfter").asString(""))) {
                expired.add(name);
            }
        }
        List<Check> checks = new ArrayList<>();
        checks.add(warning("all proxies are connected", gone));
        checks.add(warning("all proxies have the configuration in force", stale));
        checks.add(error("no proxy refuses its configuration", refusing, POLICY_SERVICE));
        checks.add(error("all proxies' certificates are valid", expired, SECURITY));
        return checks;
    }

    private boolean isOver(String until) {
        try {
            return !until.isEmpty() && !clock.instant().isBefore(Instant.parse(until));
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static Check warning(String name, List<String> who) {
        return who.isEmpty()
                ? Check.good(name)
                : Check.warning(name, "not " + String.join(", ", who), POLICY_SERVICE);
    }

    private static Check error(String name, List<String> who, String hint) {
        return who.isEmpty() ? Check.good(name) : Check.bad(name, String.join("; ", who), hint);
    }
}
