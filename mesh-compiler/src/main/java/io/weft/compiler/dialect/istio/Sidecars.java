package io.weft.compiler.dialect.istio;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.InboundPlan;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.model.listener.OutboundPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All Sidecars. Exactly one holds for a workload: the one that selects it, else its namespace's,
 * else the root namespace's; gateways have none. Immutable once made.
 */
final class Sidecars {

    private record HostScope(String namespace, String host) {}

    private record Scope(
            String namespace,
            boolean everywhere,
            Map<String, String> labels,
            @Nullable List<HostScope> egress,
            @Nullable OutboundPolicy outbound,
            Map<Integer, InboundPlan> ingress) {}

    private final List<Scope> scopes = new ArrayList<>();

    /** Takes one; only while the dialect compiles. */
    void add(Field root, CompileContext context) {
        Field spec = root.get("spec");
        String namespace = root.resource().namespace();
        List<HostScope> hosts = null;
        for (Field egress : spec.get("egress").items()) {
            egress.unsupported(
                    "a sidecar asks for what its application calls, on any port",
                    "port",
                    "bind",
                    "captureMode");
            hosts = hosts == null ? new ArrayList<>() : hosts;
            for (Field host : egress.get("hosts").items()) {
                hosts.add(scope(host));
            }
        }
        spec.get("inboundConnectionPool").unsupported("inbound connections are not limited");
        spec.get("outboundTrafficPolicy").get("egressProxy").unsupported("no egress proxy is used");
        scopes.add(
                new Scope(
                        namespace,
                        namespace.equals(context.rootNamespace()),
                        spec.get("workloadSelector").get("labels").texts(),
                        hosts,
                        spec.get("outboundTrafficPolicy")
                                .get("mode")
                                .constant(OutboundPolicy.class)
                                .orElse(null),
                        IngressReader.read(spec.get("ingress"))));
    }

    /** The dot is the workload's namespace, which is another one for each where the root has it. */
    private static HostScope scope(Field field) {
        String text = field.text("");
        int slash = text.indexOf('/');
        if (slash < 0) {
            field.reportValue(text, "NAMESPACE/HOST, for example ./* or */*");
            return new HostScope("~", "");
        }
        String namespace = text.substring(0, slash);
        String host = text.substring(slash + 1);
        return new HostScope(namespace, host);
    }

    boolean sees(WorkloadView client, MeshService service) {
        Scope scope = of(client);
        if (scope == null || scope.egress() == null) {
            return true;
        }
        return scope.egress().stream()
                .anyMatch(host ->
                        isOf(host.namespace(), service.namespace(), client)
                                && IstioHosts.covers(host.host(), service.host()));
    }

    private static boolean isOf(String written, String namespace, WorkloadView client) {
        return switch (written) {
            case "*" -> true;
            case "." -> client.namespace().equals(namespace);
            default -> written.equals(namespace);
        };
    }

    Optional<OutboundPolicy> outbound(WorkloadView client) {
        Scope scope = of(client);
        return scope == null ? Optional.empty() : Optional.ofNullable(scope.outbound());
    }

    /** What the listener of a port says, empty without one. */
    Optional<InboundPlan> inbound(WorkloadView server, int port) {
        Scope scope = of(server);
        return scope == null ? Optional.empty() : Optional.ofNullable(scope.ingress().get(port));
    }

    private @Nullable Scope of(WorkloadView client) {
        if (client.gateway()) {
            return null;
        }
        Scope namespaceWide = null;
        Scope meshWide = null;
        for (Scope scope : scopes) {
            boolean own = scope.namespace().equals(client.namespace());
            if (own && !scope.labels().isEmpty() && client.hasLabels(scope.labels())) {
                return scope;
            }
            if (scope.labels().isEmpty()) {
                namespaceWide = own && namespaceWide == null ? scope : namespaceWide;
                meshWide = scope.everywhere() && meshWide == null ? scope : meshWide;
            }
        }
        return namespaceWide != null ? namespaceWide : meshWide;
    }
}
