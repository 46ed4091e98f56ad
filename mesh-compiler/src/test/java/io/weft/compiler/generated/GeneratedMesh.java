package io.weft.compiler.generated;

import io.weft.compiler.SourceFile;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A mesh of any size in all dialects: one file per service, which holds the Service and five
 * policies of one dialect, one file of namespaces, and one of the mesh's own settings. The same
 * seed gives the same files. Immutable.
 */
public final class GeneratedMesh {

    /** Services to a namespace. */
    private static final int NAMESPACE_SIZE = 20;

    /** Destinations that each workload calls. */
    private static final int CALLS = 5;

    private final int services;
    private final long seed;

    public GeneratedMesh(int services, long seed) {
        this.services = services;
        this.seed = seed;
    }

    /** Every file of the repository. */
    public List<SourceFile> files() {
        List<SourceFile> files = new ArrayList<>();
        files.add(new SourceFile("mesh/mesh-config.yaml", MeshTemplates.MESH_CONFIG));
        StringBuilder namespaces = new StringBuilder();
        for (int i = 0; i * NAMESPACE_SIZE < services; i++) {
            namespaces.append(MeshTemplates.NAMESPACE.replace("NAMESPACE", "ns" + i));
        }
        files.add(new SourceFile("mesh/namespaces.yaml", namespaces.toString()));
        for (int i = 0; i < services; i++) {
            files.add(service(i, 0));
        }
        return files;
    }

    /** The path of a service's file. */
    public String path(int service) {
        return "mesh/" + namespace(service) + "/" + name(service) + ".yaml";
    }

    /**
     * A service's file.
     *
     * @param edition each is another text with the same names in it
     */
    public SourceFile service(int service, int edition) {
        SplittableRandom random = new SplittableRandom(seed * 31 + service + edition * 1_000_003L);
        String text = MeshTemplates.SERVICE + MeshTemplates.policies(dialect(service));
        String filled =
                text.replace("NAMESPACE", namespace(service))
                        .replace("NAME", name(service))
                        .replace("CALLER", name(neighbour(service, random)))
                        .replace("OTHER", name(neighbour(service, random)))
                        .replace("WEIGHT", Integer.toString(1 + random.nextInt(98)))
                        .replace("SECONDS", Integer.toString(1 + random.nextInt(30)))
                        .replace("PATH", "/v" + random.nextInt(1000));
        return new SourceFile(path(service), filled);
    }

    /** One running instance of each service, with its version's label. */
    public List<Registration> registrations() {
        List<Registration> all = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            all.add(registration(i));
        }
        return all;
    }

    /** The running instance of a service. */
    public Registration registration(int service) {
        return new Registration(
                name(service) + "-0",
                new WorkloadId(namespace(service), name(service)),
                name(service),
                Map.of("app", name(service), "version", "v" + (1 + service % 2)),
                Locality.UNKNOWN,
                "",
                "10." + service / 65536 + "." + service / 256 % 256 + "." + service % 256,
                List.of(new RegisteredPort("http", 8080, AppProtocol.HTTP, 15006)),
                List.of(),
                false,
                true,
                true);
    }

    /** The destinations that a service calls. */
    public Set<String> calls(int service) {
        SplittableRandom random = new SplittableRandom(seed * 17 + service);
        Set<String> called = new TreeSet<>();
        while (called.size() < Math.min(CALLS, services)) {
            int other = random.nextInt(services);
            called.add(name(other) + "." + namespace(other) + ":80");
        }
        return called;
    }

    /** The identity's namespace of a service. */
    public String namespace(int service) {
        return "ns" + service / NAMESPACE_SIZE;
    }

    /** The name of a service, its workload and its account. */
    public String name(int service) {
        return "s" + service;
    }

    /** Half of a large mesh speaks Istio, the rest one of the others each. */
    private static MeshTemplates.Language dialect(int service) {
        return switch (service % 8) {
            case 0 -> MeshTemplates.Language.CONSUL;
            case 1 -> MeshTemplates.Language.LINKERD;
            case 2 -> MeshTemplates.Language.SMI;
            case 3 -> MeshTemplates.Language.GATEWAY_API;
            default -> MeshTemplates.Language.ISTIO;
        };
    }

    /** Another service of the same namespace, where there is one. */
    private int neighbour(int service, SplittableRandom random) {
        int first = service / NAMESPACE_SIZE * NAMESPACE_SIZE;
        int size = Math.min(NAMESPACE_SIZE, services - first);
        int other = first + random.nextInt(Math.max(1, size - 1));
        return other < service || size == 1 ? other : other + 1;
    }
}
