package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.status.ResourceStatus;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Origin;
import io.weft.model.Secret;
import io.weft.model.ServiceId;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.resource.Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** BackendTLSPolicies: how gateways and sidecars secure connections to a Service. */
final class BackendTlsPolicies {

    private record Policy(UpstreamTls.Origination tls, Origin origin) {}

    /**
     * What is to be told of a policy.
     *
     * @param targets hosts of the Services that it names
     * @param conflict the older policy of a target, empty without one
     * @param problem what is wrong with its certificates, null where nothing is
     * @param usable whether there is a certificate at all
     */
    record Outcome(
            RawResource resource,
            List<String> targets,
            String conflict,
            @Nullable Flaw problem,
            boolean usable) {
        Outcome {
            targets = List.copyOf(targets);
        }
    }

    private final CompileContext context;
    private final Map<String, Policy> byTarget = new HashMap<>();
    private final Map<String, Certificate> roots = new TreeMap<>();
    private final List<Outcome> outcomes = new ArrayList<>();

    /** Of the policy that is being read; null where everything is there. */
    private @Nullable Flaw problem;

    private boolean usable;

    BackendTlsPolicies(CompileContext context) {
        this.context = context;
    }

    void add(Field root) {
        Field spec = root.get("spec");
        problem = null;
        usable = true;
        List<String> hosts = new ArrayList<>();
        String conflict = "";
        UpstreamTls.Origination tls = validation(spec.get("validation"));
        spec.get("options").unsupported("TLS versions are 1.2 and 1.3");
        Field targets = spec.get("targetRefs");
        if (targets.items().isEmpty()) {
            targets.reportMissing();
        }
        for (Field target : targets.items()) {
            String kind = target.get("kind").text("Service");
            if (!kind.equals("Service")) {
                target.get("kind").reportValue(kind, "Service");
            }
            target.get("group").text();
            String name = target.get("name").required();
            if (name.isEmpty()) {
                continue;
            }
            String host = new ServiceId(root.resource().namespace(), name).host();
            hosts.add(host);
            String section = target.get("sectionName").text("");
            Policy other =
                    tls == null
                            ? null
                            : byTarget.putIfAbsent(
                                    host + " " + section, new Policy(tls, root.origin()));
            if (other != null) {
                target.warn(
                        Code.INEFFECTIVE_POLICY,
                        host + " has an older policy, which holds: " + other.origin().describe(),
                        "keep one of them");
                conflict = other.origin().describe() + " is older and holds";
            }
        }
        outcomes.add(new Outcome(root.resource(), hosts, conflict, problem, tls != null && usable));
    }

    List<ResourceStatus> statuses(ServiceCatalog catalog) {
        return outcomes.stream().map(one -> StatusWriter.backendTls(one, catalog)).toList();
    }

    private UpstreamTls.@Nullable Origination validation(Field validation) {
        String hostname = Hostnames.read(validation.get("hostname"));
        if (hostname.isEmpty()) {
            validation.get("hostname").reportMissing();
        }
        List<String> names = new ArrayList<>();
        for (Field item : validation.get("subjectAltNames").items()) {
            String name = item.get("hostname").text(item.get("uri").text(""));
            item.get("type").text();
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        Field refs = validation.get("caCertificateRefs");
        Field wellKnown = validation.get("wellKnownCACertificates");
        if (wellKnown.isPresent() == !refs.items().isEmpty()) {
            validation.error(
                    Code.CONTRADICTION,
                    "caCertificateRefs and wellKnownCACertificates: exactly one of them is needed",
                    "write wellKnownCACertificates: System, or refer to a ConfigMap with ca.crt");
            return null;
        }
        if (wellKnown.isPresent()) {
            String value = wellKnown.text("");
            if (!value.equals("System")) {
                wellKnown.reportValue(value, "System");
            }
            return new UpstreamTls.Origination(hostname, names, null, null, false);
        }
        String key = certificates(validation, refs);
        // Without roots nothing verifies: connections fail rather than go unchecked.
        return new UpstreamTls.Origination(hostname, names, key, null, false);
    }

    private String certificates(Field validation, Field refs) {
        String namespace = validation.resource().namespace();
        String key = namespace + "/" + validation.resource().name() + "-backend-roots";
        StringBuilder pem = new StringBuilder();
        for (Field item : refs.items()) {
            ObjectRef ref = ObjectRef.read(item, "ConfigMap");
            boolean known = ref.kind().equals("ConfigMap") || ref.kind().equals("Secret");
            if (ref.kind().equals("Secret") && refs.items().size() == 1) {
                return namespace + "/" + ref.name();
            }
            Optional<String> text =
                    ref.kind().equals("ConfigMap")
                            ? context.cluster()
                                    .configMap(namespace, ref.name())
                                    .map(map -> map.peek("data", "ca.crt"))
                            : Optional.empty();
            if (text.isEmpty()) {
                item.warn(
                        Code.DANGLING_REFERENCE,
                        ref.kind()
                                + " "
                                + namespace
                                + "/"
                                + ref.name()
                                + " with data ca.crt does"
                                + " not exist: connections to the backend fail"
                                + " (InvalidCACertificateRef)",
                        "create the ConfigMap");
                problem =
                        new Flaw(
                                "ResolvedRefs",
                                known ? "InvalidCACertificateRef" : "InvalidKind",
                                known
                                        ? ref.describe() + " with data ca.crt does not exist"
                                        : ref.describe() + " cannot hold certificates");
            }
            pem.append(text.orElse("")).append('\n');
        }
        usable = !pem.toString().isBlank();
        roots.put(key, new Certificate(key, "", new Secret(""), pem.toString()));
        return key;
    }

    /** Root certificates that policies refer to. */
    Map<String, Certificate> roots() {
        return roots;
    }

    /** The port's own policy first, then the Service's. */
    Optional<ClusterPlan> plan(MeshService service, int port) {
        String section = service.port(port).map(p -> p.name()).orElse("");
        Policy policy = byTarget.get(service.host() + " " + section);
        if (policy == null) {
            policy = byTarget.get(service.host() + " ");
        }
        return Optional.ofNullable(policy)
                .map(p -> new ClusterPlan(null, null, null, null, null, p.tls(), p.origin()));
    }
}
