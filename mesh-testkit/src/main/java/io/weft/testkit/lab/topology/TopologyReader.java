package io.weft.testkit.lab.topology;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.ResourceParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads topology files. Every problem is a diagnostic; an unknown field is one too. */
public final class TopologyReader {

    private static final String KIND = "Topology";

    private final Diagnostics diagnostics = new Diagnostics();

    private TopologyReader() {}

    /**
     * What was read.
     *
     * @param topology null when there are errors
     */
    public record Result(@Nullable Topology topology, List<Diagnostic> diagnostics) {
        public Result {
            diagnostics = List.copyOf(diagnostics);
        }
    }

    /**
     * Reads one.
     *
     * @param file as diagnostics shall name it
     */
    public static Result read(String file, String text) {
        TopologyReader reader = new TopologyReader();
        Topology topology = reader.topology(file, text);
        List<Diagnostic> found = reader.diagnostics.all();
        boolean broken = found.stream().anyMatch(Diagnostic::isError);
        return new Result(broken ? null : topology, found);
    }

    private @Nullable Topology topology(String file, String text) {
        Field root = new ResourceParser(diagnostics).document(file, KIND, "lab", text);
        if (root == null) {
            return null;
        }
        String meshConfig = meshConfig(root.get("meshConfig"));
        Map<String, Map<String, String>> namespaces = new HashMap<>();
        root.get("namespaces")
                .entries()
                .forEach((name, field) -> {
                    Names.check(field, name);
                    namespaces.put(name, field.get("labels").texts());
                });
        WorkloadReader workloads = new WorkloadReader();
        List<WorkloadSpec> read = new ArrayList<>();
        for (Field item : root.get("workloads").items()) {
            read.add(workloads.read(item));
        }
        if (read.isEmpty()) {
            root.get("workloads")
                    .error(Code.MISSING_FIELD, "missing (expected: a list)", "add a workload");
        }
        Topology topology =
                new Topology(
                        file,
                        meshConfig,
                        namespaces,
                        read,
                        gateways(root),
                        certificates(root),
                        issuers(root),
                        extAuthz(root.get("extAuthz")));
        root.reportUnknown(Level.ERROR);
        return topology;
    }

    /** An IstioOperator around the settings: its first line is the file's first. */
    private static String meshConfig(Field field) {
        if (!field.isPresent()) {
            return "";
        }
        if (!field.isMapping()) {
            field.entries();
            return "";
        }
        return "{apiVersion: install.istio.io/v1alpha1, kind: IstioOperator,"
                + " metadata: {name: lab}, spec: {meshConfig: "
                + field.flow(1)
                + "}}\n";
    }

    private List<GatewaySpec> gateways(Field root) {
        List<GatewaySpec> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Field item : root.get("gateways").items()) {
            String name = Names.required(item.get("name"));
            String namespace = Names.orElse(item.get("namespace"), "istio-system");
            if (!seen.add(namespace + "/" + name)) {
                item.error(
                        Code.DUPLICATE_RESOURCE,
                        "gateway " + namespace + "/" + name + " is declared already",
                        "rename or remove one of the two");
            }
            Map<String, String> labels = item.get("labels").texts();
            List<Integer> ports = new ArrayList<>();
            for (Field port : item.get("ports").items()) {
                port.integer(1, 65535)
                        .ifPresent(number -> {
                            once(port, !ports.contains(number), "port " + number);
                            ports.add(number);
                        });
            }
            if (!item.get("ports").isPresent()) {
                ports.addAll(List.of(80, 443));
            }
            Map<String, String> selected =
                    labels.isEmpty() ? Map.of("app", name, "istio", "ingressgateway") : labels;
            found.add(new GatewaySpec(name, namespace, selected, ports));
        }
        return found;
    }

    private static List<Topology.CertificateSpec> certificates(Field root) {
        List<Topology.CertificateSpec> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Field item : root.get("certificates").items()) {
            String id =
                    Names.orElse(item.get("namespace"), "istio-system")
                            + "/"
                            + item.get("name").text("");
            once(item, seen.add(id), "certificate " + id);
            List<String> names = item.get("dnsNames").textItems();
            if (names.isEmpty()) {
                item.get("dnsNames").reportMissing();
            }
            found.add(
                    new Topology.CertificateSpec(
                            Names.required(item.get("name")),
                            Names.orElse(item.get("namespace"), "istio-system"),
                            names));
        }
        return found;
    }

    private static List<Topology.IssuerSpec> issuers(Field root) {
        List<Topology.IssuerSpec> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Field item : root.get("jwtIssuers").items()) {
            String issuer = item.get("issuer").required();
            once(item, seen.add(issuer), "issuer " + issuer);
            found.add(
                    new Topology.IssuerSpec(
                            issuer, item.get("jwksUri").text(issuer + "/.well-known/jwks.json")));
        }
        return found;
    }

    private static Topology.@Nullable ExtAuthzSpec extAuthz(Field field) {
        if (!field.isPresent()) {
            return null;
        }
        int http = field.get("httpPort").integer(1, 65535, 8000);
        int grpc = field.get("grpcPort").integer(1, 65535, 9000);
        once(field.get("grpcPort"), http != grpc, "port " + grpc);
        return new Topology.ExtAuthzSpec(
                Names.orElse(field.get("name"), "ext-authz"),
                Names.orElse(field.get("namespace"), "istio-system"),
                http,
                grpc);
    }

    private static void once(Field field, boolean first, String what) {
        if (!first) {
            field.error(
                    Code.DUPLICATE_RESOURCE,
                    what + " is declared already",
                    "rename or remove one of the two");
        }
    }
}
