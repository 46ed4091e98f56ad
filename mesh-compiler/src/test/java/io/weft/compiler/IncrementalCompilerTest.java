package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.generated.GeneratedMesh;
import io.weft.model.catalog.Registration;
import io.weft.model.resource.MeshResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compiled from one state to the next equals what is compiled from nothing. */
class IncrementalCompilerTest {

    /** Edits for each seed; more with {@code -Dweft.fuzz.edits=100000}. */
    private static final int EDITS = Integer.getInteger("weft.fuzz.edits", 20);

    private static final int SERVICES = 24;
    private static final CompilerOptions OPTIONS = CompilerOptions.DEFAULT;

    private final GeneratedMesh mesh = new GeneratedMesh(SERVICES, 5);
    private final Map<String, List<String>> repository = new TreeMap<>();
    private final List<String> pool = new ArrayList<>();

    @BeforeEach
    void begin() throws IOException {
        mesh.files().forEach(file -> repository.put(file.path(), documents(file.text())));
        try (Stream<Path> found = Files.walk(Path.of("src/test/resources"))) {
            for (Path file : found.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                pool.addAll(documents(Files.readString(file)));
            }
        }
    }

    private static List<String> documents(String text) {
        return new ArrayList<>(List.of(text.split("(?m)^---\\s*\\n")));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void equalsACompilationFromNothingAfterAnyEdit(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        IncrementalCompiler compiler = new IncrementalCompiler(OPTIONS);
        compiler.compile(files());
        for (int edit = 0; edit < EDITS; edit++) {
            String done = edit(random);
            CompiledPolicies incremental = compiler.compile(files());
            CompiledPolicies full = MeshCompiler.compile(files(), OPTIONS);
            String what = "seed " + seed + ", edit " + edit + ": " + done;
            assertThat(incremental.diagnostics()).as(what).isEqualTo(full.diagnostics());
            assertThat(outcome(incremental)).as(what).isEqualTo(outcome(full));
        }
    }

    /** Everything that a compiled configuration answers for its workloads. */
    private Map<String, Object> outcome(CompiledPolicies policies) {
        List<Registration> running = mesh.registrations();
        ServiceCatalog catalog = policies.catalog().withRegistrations(running);
        Map<String, Object> outcome = new TreeMap<>();
        outcome.put("services", catalog.services());
        outcome.put("settings", policies.meshSettings());
        outcome.put("key sets", List.of(policies.jwksUris(), policies.inlineJwks()));
        outcome.put("statuses", policies.statuses(catalog));
        WorkloadConfigBuilder builder =
                new WorkloadConfigBuilder(policies, catalog, ConfigProviders.NONE);
        for (int service = 0; service < SERVICES; service++) {
            Map<String, MeshResource> config =
                    builder.build(WorkloadIdentity.of(running.get(service)), mesh.calls(service));
            outcome.put(mesh.name(service), config);
        }
        return outcome;
    }

    private List<SourceFile> files() {
        List<SourceFile> files = new ArrayList<>();
        repository.forEach((path, documents) ->
                files.add(new SourceFile(path, String.join("---\n", documents))));
        return files;
    }

    /** Changes something; tells what. */
    private String edit(SplittableRandom random) {
        String path = any(random, List.copyOf(repository.keySet()));
        List<String> documents = repository.computeIfAbsent(path, p -> new ArrayList<>());
        int service = random.nextInt(SERVICES);
        switch (random.nextInt(11)) {
            case 0 -> {
                repository.put(
                        mesh.path(service),
                        documents(mesh.service(service, random.nextInt(1000)).text()));
                return "another edition of " + mesh.name(service);
            }
            case 1 -> {
                repository.remove(path);
                return "without " + path;
            }
            case 2 -> {
                documents.add(any(random, pool));
                return "one more document in " + path;
            }
            case 3 -> {
                repository.put("mesh/extra-" + service + ".yaml", documents);
                repository.remove(path);
                return path + " moves to extra-" + service;
            }
            case 4 -> {
                documents.addFirst("# a comment moves everything down\n");
                return "a line more in " + path;
            }
            case 5 -> {
                documents.add("metadata: {name: [broken\n");
                return "a broken document in " + path;
            }
            case 6 -> {
                repository.put("mesh/copy-" + service + ".yaml", new ArrayList<>(documents));
                return "everything of " + path + " twice";
            }
            case 7 -> {
                repository.put(
                        "mesh/namespaces.yaml",
                        documents(
                                "apiVersion: v1\nkind: Namespace\nmetadata: {name: ns0, labels: {team: t"
                                        + service
                                        + "}, annotations: {config.linkerd.io/default-inbound-policy:"
                                        + " deny}}\n"));
                return "another label of a namespace";
            }
            case 8 -> {
                replaceAll(mesh.path(service), text -> text.replace("port: 80\n", "port: 81\n"));
                return "another port of " + mesh.name(service);
            }
            case 9 -> {
                replaceAll("mesh/mesh-config.yaml", text -> meshConfig(text, service));
                return "other settings of the mesh";
            }
            default -> {
                replaceAll(path, text -> text.replace("v1", "v2").replace("ns1", "ns0"));
                return "other names in " + path;
            }
        }
    }

    private static String meshConfig(String text, int service) {
        return switch (service % 3) {
            case 0 -> text.replace("name: authz", "name: other");
            case 1 -> text.replace("accessLogFile", "trustDomainAliases: [old]\n    accessLogFile");
            default -> text.replace("MERGE_SLASHES", "BASE");
        };
    }

    private void replaceAll(String path, UnaryOperator<String> change) {
        repository.computeIfPresent(
                path,
                (p, documents) -> {
                    documents.replaceAll(change);
                    return documents;
                });
    }

    private static <T> T any(SplittableRandom random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    @Test
    void whatIsNotEditedStaysTheSameObject() {
        IncrementalCompiler compiler = new IncrementalCompiler(OPTIONS);
        CompiledPolicies before = compiler.compile(files());
        replaceAll(mesh.path(0), text -> text.replace("weight: 75", "weight: 75.0"));
        CompiledPolicies after = compiler.compile(files());
        for (int i = 0; i < before.dialects().size(); i++) {
            boolean consul = before.dialects().get(i).dialect() == io.weft.model.Dialect.CONSUL;
            assertThat(after.dialects().get(i) == before.dialects().get(i)).isEqualTo(!consul);
        }
    }

    @Test
    void theGeneratedMeshHasNoErrors() {
        assertThat(MeshCompiler.compile(files(), OPTIONS).hasErrors()).isFalse();
    }
}
