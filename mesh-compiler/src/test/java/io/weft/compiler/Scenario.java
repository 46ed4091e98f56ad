package io.weft.compiler;

import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.status.ResourceStatus;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.catalog.ServicePort;
import io.weft.model.resource.MeshResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A configuration with workloads, written in few lines; what tests ask for configurations. */
final class Scenario {

    static final Path SEED = Path.of("src/test/resources/seed");

    private final List<SourceFile> files = new ArrayList<>();
    private final List<Registration> registrations = new ArrayList<>();

    Scenario seed(String... names) {
        for (String name : names) {
            files.add(new SourceFile("mesh/" + name, read(SEED.resolve(name))));
        }
        return this;
    }

    Scenario yaml(String text) {
        files.add(new SourceFile("mesh/in-" + files.size() + ".yaml", text));
        return this;
    }

    /**
     * Registers an instance: {@code blog/blog-api-v1 sa=blog-api labels=app:blog-api,version:v1
     * ports=8080:HTTP services=blog-api,blog-api-v1 gateway unmeshed}.
     */
    Scenario workload(String line) {
        String[] words = line.strip().split("\\s+");
        String[] id = words[0].split("/");
        Map<String, String> options = new TreeMap<>();
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            options.put(pair[0], pair.length > 1 ? pair[1] : "");
        }
        Map<String, String> labels = new TreeMap<>();
        for (String label : options.getOrDefault("labels", "app:" + id[1]).split(",")) {
            labels.put(
                    label.substring(0, label.indexOf(':')),
                    label.substring(label.indexOf(':') + 1));
        }
        List<RegisteredPort> ports = new ArrayList<>();
        List<ServicePort> servicePorts = new ArrayList<>();
        for (String port : options.getOrDefault("ports", "8080:HTTP").split(",")) {
            int number = Integer.parseInt(port.substring(0, port.indexOf(':')));
            AppProtocol protocol = AppProtocol.parse(port.substring(port.indexOf(':') + 1));
            ports.add(new RegisteredPort("p" + number, number, protocol, number + 10000));
            servicePorts.add(new ServicePort("p" + number, number, number, protocol));
        }
        List<Registration.RegisteredService> services = new ArrayList<>();
        for (String service : options.getOrDefault("services", "").split(",")) {
            if (!service.isEmpty()) {
                services.add(new Registration.RegisteredService(service, servicePorts));
            }
        }
        registrations.add(
                new Registration(
                        id[1] + "-" + registrations.size(),
                        new WorkloadId(id[0], id[1]),
                        options.getOrDefault("sa", id[1]),
                        labels,
                        Locality.UNKNOWN,
                        "cluster1",
                        "127.0.0.1",
                        ports,
                        services,
                        options.containsKey("gateway"),
                        true,
                        !options.containsKey("unmeshed")));
        return this;
    }

    CompiledPolicies compile() {
        return MeshCompiler.compile(files, CompilerOptions.DEFAULT);
    }

    CompiledPolicies compile(CompilerOptions options) {
        return MeshCompiler.compile(files, options);
    }

    /** The configuration of the first instance of a workload. */
    Map<String, MeshResource> config(String workload, String... routes) {
        CompiledPolicies policies = compile();
        ServiceCatalog catalog = policies.catalog().withRegistrations(registrations);
        Registration registration =
                registrations.stream()
                        .filter(r -> r.workload().toString().equals(workload))
                        .findFirst()
                        .orElseThrow();
        return new WorkloadConfigBuilder(policies, catalog, ConfigProviders.NONE)
                .build(WorkloadIdentity.of(registration), Set.of(routes));
    }

    /** What became of the resources whose API has a status. */
    List<ResourceStatus> statuses() {
        CompiledPolicies policies = compile();
        return policies.statuses(policies.catalog().withRegistrations(registrations));
    }

    static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything of the blog that Istio's part of the seed needs. */
    static Scenario blog() {
        return new Scenario()
                .seed(
                        "istio-traffic.yaml",
                        "istio-security.yaml",
                        "istio-telemetry.yaml",
                        "istio-workloads.yaml",
                        "istio-operator.yaml")
                .workload(
                        "blog/blog-api sa=blog-api labels=app:blog-api,version:v1 ports=8080:HTTP")
                .workload(
                        "blog/blog-api-v2 sa=blog-api labels=app:blog-api,version:v2 ports=8080:HTTP")
                .workload("blog/user-service labels=app:user-service,version:v1 ports=9090:GRPC")
                .workload("blog/blog-frontend ports=3000:HTTP services=blog-frontend")
                .workload("blog/static-files ports=80:HTTP services=static-files")
                .workload(
                        "istio-system/istio-ingressgateway labels=istio:ingressgateway"
                                + " ports=80:HTTP,443:HTTPS gateway");
    }
}
