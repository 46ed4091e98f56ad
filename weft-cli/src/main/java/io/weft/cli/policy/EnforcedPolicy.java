package io.weft.cli.policy;

import io.weft.cli.proxy.ProxyPicture;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.listener.InboundPort;
import io.weft.model.resource.WorkloadConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A policy that a proxy enforces.
 *
 * @param action {@code ALLOW}, {@code DENY}, {@code CUSTOM} or {@code AUDIT}; a dry run says so
 * @param rules how many rules of it the proxy has; 0 where it only shuts out what no rule allows
 * @param ports on which it holds; empty for all of a gateway
 */
record EnforcedPolicy(
        String action,
        String kind,
        String namespace,
        String name,
        int rules,
        List<Integer> ports,
        String dialect,
        String file,
        int line) {

    EnforcedPolicy {
        ports = List.copyOf(ports);
    }

    /** Those of a proxy in the order in which they are asked. */
    static List<EnforcedPolicy> of(ProxyPicture picture, int port) {
        Map<String, EnforcedPolicy> found = new LinkedHashMap<>();
        WorkloadConfig config = picture.config().orElse(null);
        if (config != null) {
            if (config.inbound().isEmpty() || !config.servers().isEmpty()) {
                collect(config.gatewayAuthz(), 0, found);
            }
            for (InboundPort inbound : config.inbound()) {
                if (port == 0 || port == inbound.port()) {
                    collect(inbound.authz(), inbound.port(), found);
                }
            }
            if (config.inbound().isEmpty() && config.servers().isEmpty()) {
                collect(config.undeclared().authz(), 0, found);
            }
        }
        return List.copyOf(found.values());
    }

    private static void collect(AuthzProgram program, int port, Map<String, EnforcedPolicy> found) {
        for (AuthzLayer layer : program.layers()) {
            Map<String, EnforcedPolicy> here = new LinkedHashMap<>();
            for (AuthzStep step : layer.steps()) {
                add(here, action(step), step.origin(), 1, port, layer);
            }
            if (layer.otherwise() == Effect.DENY && !layer.otherwiseOrigin().isBuiltIn()) {
                // The policy that has rules is listed with them.
                boolean listed =
                        here.values().stream().anyMatch(each -> each.isOf(layer.otherwiseOrigin()));
                if (!listed) {
                    add(here, "ALLOW", layer.otherwiseOrigin(), 0, port, layer);
                }
            }
            here.forEach((key, each) -> found.merge(key, each, EnforcedPolicy::onPortsToo));
        }
    }

    private static void add(
            Map<String, EnforcedPolicy> into,
            String action,
            Origin origin,
            int rules,
            int port,
            AuthzLayer layer) {
        String key = action + " " + origin.kind() + " " + origin.namespace() + "/" + origin.name();
        EnforcedPolicy one =
                new EnforcedPolicy(
                        action,
                        origin.kind(),
                        origin.namespace(),
                        origin.name(),
                        rules,
                        port == 0 ? List.of() : List.of(port),
                        layer.dialect().title(),
                        origin.file(),
                        origin.line());
        into.merge(key, one, (before, more) -> before.withRules(before.rules() + more.rules()));
    }

    private static String action(AuthzStep step) {
        return switch (step) {
            case AuthzStep.Decide decide -> decide.effect() + (decide.shadow() ? " (dry run)" : "");
            case AuthzStep.Audit audit -> "AUDIT";
            case AuthzStep.External external -> "CUSTOM" + (external.shadow() ? " (dry run)" : "");
        };
    }

    private boolean isOf(Origin origin) {
        return kind.equals(origin.kind())
                && namespace.equals(origin.namespace())
                && name.equals(origin.name());
    }

    private EnforcedPolicy withRules(int number) {
        return new EnforcedPolicy(
                action, kind, namespace, name, number, ports, dialect, file, line);
    }

    private EnforcedPolicy onPortsToo(EnforcedPolicy other) {
        TreeSet<Integer> all = new TreeSet<>(ports);
        all.addAll(other.ports());
        return new EnforcedPolicy(
                action,
                kind,
                namespace,
                name,
                Math.max(rules, other.rules()),
                new ArrayList<>(all),
                dialect,
                file,
                line);
    }

    /** {@code name.namespace}, behind its kind where that is not Istio's. */
    String label() {
        String own = namespace.isEmpty() ? name : name + "." + namespace;
        return kind.equals("AuthorizationPolicy") && dialect.equals("Istio")
                ? own
                : kind + " " + own;
    }

    String portText() {
        return ports.isEmpty()
                ? "all"
                : ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
