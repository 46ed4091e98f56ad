package io.weft.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.images.ImageCatalog;
import io.weft.images.ImageSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestConsistencyTest {

    private static final Pattern PINNED =
            Pattern.compile("[a-z0-9./-]+:[A-Za-z0-9_][A-Za-z0-9_.-]*");

    /** Made by the Jobs while the cluster runs: see publish-keys.sh. */
    private static final Set<String> MADE_LATER =
            Set.of(
                    "Secret weft-system/weft-ca",
                    "Secret weft-system/weft-tokens",
                    "Secret weft-system/blog-tls-secret",
                    "Secret blog/auth-tls",
                    "ConfigMap weft-system/auth-ca",
                    "ConfigMap istio-system/weft-root",
                    "ConfigMap blog/weft-root");

    /** Made by people: docs/kubernetes.md says how. */
    private static final Set<String> MADE_BY_HAND =
            Set.of("Secret istio-system/weft-login", "Secret weft-system/weft-login");

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "login", "demo", "captured"})
    void everyServiceAccountConfigMapSecretAndVolumeThatIsReferredToExists(String overlay) {
        Manifests manifests = Manifests.of(overlay);
        List<String> missing = new ArrayList<>();
        manifests
                .workloads()
                .forEach(workload ->
                        references(workload).stream()
                                .filter(reference -> !exists(manifests, reference))
                                .forEach(each ->
                                        missing.add(Manifests.name(workload) + " → " + each)));
        assertThat(missing).isEmpty();
        String manual = Project.text(Project.MODULE.resolve("../docs/kubernetes.md"));
        assertThat(MADE_BY_HAND)
                .allSatisfy(each -> {
                    String[] parts = each.split("[ /]");
                    assertThat(manual)
                            .contains("-n " + parts[1] + " create secret generic " + parts[2]);
                });
        String publishing = Project.text(Project.MODULE.resolve("base/keys/publish-keys.sh"));
        assertThat(MADE_LATER)
                .allSatisfy(each ->
                        assertThat(publishing).contains(each.substring(each.indexOf('/') + 1)));
    }

    private static boolean exists(Manifests manifests, String reference) {
        String[] parts = reference.split("[ /]");
        return MADE_LATER.contains(reference)
                || MADE_BY_HAND.contains(reference)
                || manifests.has(parts[0], parts[1], parts[2]);
    }

    private static Set<String> references(Map<String, Object> workload) {
        String namespace = Manifests.namespace(workload) + "/";
        Map<String, Object> pod = Manifests.pod(workload);
        Set<String> found = new HashSet<>();
        add(found, "ServiceAccount " + namespace, Tree.text(pod, "serviceAccountName"));
        Tree.each(pod, "volumes")
                .forEach(volume -> {
                    add(found, "ConfigMap " + namespace, Tree.text(volume, "configMap", "name"));
                    add(found, "Secret " + namespace, Tree.text(volume, "secret", "secretName"));
                    add(
                            found,
                            "PersistentVolumeClaim " + namespace,
                            Tree.text(volume, "persistentVolumeClaim", "claimName"));
                });
        Stream.concat(Tree.each(pod, "initContainers"), Tree.each(pod, "containers"))
                .flatMap(container -> Tree.each(container, "env"))
                .map(variable -> Tree.map(Tree.at(variable, "valueFrom")))
                .forEach(from -> {
                    add(
                            found,
                            "ConfigMap " + namespace,
                            Tree.text(from, "configMapKeyRef", "name"));
                    add(found, "Secret " + namespace, Tree.text(from, "secretKeyRef", "name"));
                });
        return found;
    }

    private static void add(Set<String> found, String prefix, String name) {
        if (!name.isEmpty()) {
            found.add(prefix + name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "login", "demo", "captured"})
    void everyVolumeMountHasItsVolumeAndEveryProbeItsPort(String overlay) {
        Manifests.of(overlay)
                .containers()
                .forEach(container -> {
                    Set<String> volumes =
                            Tree.each(container.pod(), "volumes")
                                    .map(volume -> Tree.text(volume, "name"))
                                    .collect(Collectors.toSet());
                    assertThat(volumes)
                            .as(container.name())
                            .containsAll(
                                    Tree.each(container.spec(), "volumeMounts")
                                            .map(mount -> Tree.text(mount, "name"))
                                            .toList());
                    Set<String> ports =
                            Tree.each(container.spec(), "ports")
                                    .map(port -> Tree.text(port, "name"))
                                    .collect(Collectors.toSet());
                    assertThat(ports).as(container.name()).containsAll(probed(container.spec()));
                });
    }

    private static List<String> probed(Map<String, Object> container) {
        return Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                .flatMap(probe ->
                        Stream.of(
                                Tree.text(container, probe, "httpGet", "port"),
                                Tree.text(container, probe, "tcpSocket", "port")))
                .filter(port -> !port.isEmpty())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "login", "demo", "captured"})
    void everySelectorMatchesPodsAndEveryServicePortLeadsToOneOfTheirs(String overlay) {
        Manifests manifests = Manifests.of(overlay);
        manifests
                .kind("Service")
                .forEach(service -> {
                    List<Map<String, Object>> selected =
                            selected(manifests, service, Tree.at(service, "spec", "selector"));
                    assertThat(selected).as(Manifests.name(service)).isNotEmpty();
                    Set<String> ports = new HashSet<>();
                    selected.forEach(pod -> ports.addAll(ports(pod)));
                    assertThat(ports)
                            .as(Manifests.name(service))
                            .containsAll(
                                    Tree.each(service, "spec", "ports")
                                            .map(port -> Tree.text(port, "targetPort"))
                                            .toList());
                });
        Stream.concat(manifests.kind("PodDisruptionBudget"), manifests.kind("Deployment"))
                .forEach(each ->
                        assertThat(
                                        selected(
                                                manifests,
                                                each,
                                                Tree.at(each, "spec", "selector", "matchLabels")))
                                .as(Manifests.name(each))
                                .isNotEmpty());
        manifests
                .kind("NetworkPolicy")
                .filter(policy -> Tree.has(policy, "spec", "podSelector", "matchLabels"))
                .forEach(policy ->
                        assertThat(
                                        selected(
                                                manifests,
                                                policy,
                                                Tree.at(
                                                        policy,
                                                        "spec",
                                                        "podSelector",
                                                        "matchLabels")))
                                .as(Manifests.name(policy))
                                .isNotEmpty());
    }

    /** Pod templates in the namespace of a document that have all the labels. */
    private static List<Map<String, Object>> selected(
            Manifests manifests, Map<String, Object> document, Object labels) {
        return manifests
                .workloads()
                .filter(each -> Manifests.namespace(each).equals(Manifests.namespace(document)))
                .filter(each ->
                        Tree.map(Tree.at(each, "spec", "template", "metadata", "labels"))
                                .entrySet()
                                .containsAll(Tree.map(labels).entrySet()))
                .map(Manifests::pod)
                .toList();
    }

    private static Set<String> ports(Map<String, Object> pod) {
        return Stream.concat(Tree.each(pod, "initContainers"), Tree.each(pod, "containers"))
                .flatMap(container -> Tree.each(container, "ports"))
                .flatMap(port ->
                        Stream.of(Tree.text(port, "name"), Tree.text(port, "containerPort")))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "login", "demo", "captured"})
    void everyImageIsMadeHereOrAPublicOneWithItsVersion(String overlay) {
        Set<String> own =
                Stream.concat(
                                ImageCatalog.all().stream().map(ImageSpec::reference),
                                builtFromDockerfiles())
                        .collect(Collectors.toSet());
        Manifests.of(overlay)
                .containers()
                .forEach(container -> {
                    String image = container.image();
                    if (image.startsWith("weft/") || image.startsWith("blog/")) {
                        assertThat(own).as(container.name()).contains(image);
                    } else {
                        assertThat(image).as(container.name()).matches(PINNED);
                        assertThat(image).as(container.name()).doesNotEndWith(":latest");
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "login", "demo"})
    void everyPodKeepsToTheRestrictedSecurityStandardWithAReadOnlyRoot(String overlay) {
        Manifests.of(overlay)
                .containers()
                .forEach(container -> {
                    Map<String, Object> pod = container.pod();
                    assertThat(Tree.text(pod, "securityContext", "runAsNonRoot"))
                            .as(container.name())
                            .isEqualTo("true");
                    assertThat(Tree.text(pod, "securityContext", "seccompProfile", "type"))
                            .as(container.name())
                            .isEqualTo("RuntimeDefault");
                    Map<String, Object> own =
                            Tree.map(Tree.at(container.spec(), "securityContext"));
                    assertThat(own)
                            .as(container.name())
                            .containsEntry("allowPrivilegeEscalation", false)
                            .containsEntry("readOnlyRootFilesystem", true);
                    assertThat(Tree.texts(own, "capabilities", "drop"))
                            .as(container.name())
                            .containsExactly("ALL");
                    assertThat(Tree.has(container.spec(), "resources", "requests", "memory"))
                            .as(container.name())
                            .isTrue();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "login", "demo", "captured"})
    void onlyWhoAsksTheApiServerHasATokenForIt(String overlay) {
        Manifests manifests = Manifests.of(overlay);
        Set<String> allowed = Set.of("policy-service", "weft-keys", "blog-keys", "prometheus");
        manifests
                .workloads()
                .filter(each ->
                        !"false"
                                .equals(
                                        Tree.text(
                                                Manifests.pod(each),
                                                "automountServiceAccountToken")))
                .forEach(each ->
                        assertThat(allowed)
                                .as(Manifests.name(each))
                                .contains(Tree.text(Manifests.pod(each), "serviceAccountName")));
    }

    @Test
    void theRulesOfCaptureKnowTheSidecarByItsUserAndItsPorts() {
        List<Map<String, Object>> captured =
                Manifests.of("captured")
                        .kind("Deployment")
                        .map(Manifests::pod)
                        .filter(pod -> container(pod, "weft-init").isPresent())
                        .toList();
        assertThat(captured)
                .hasSize(5)
                .allSatisfy(pod -> {
                    Map<String, Object> init = container(pod, "weft-init").orElseThrow();
                    Map<String, Object> sidecar = container(pod, "istio-proxy").orElseThrow();
                    String user = Tree.text(sidecar, "securityContext", "runAsUser");
                    assertThat(variable(init, "WEFT_PROXY_UID"))
                            .isEqualTo(user)
                            .isNotEqualTo(Tree.text(pod, "securityContext", "runAsUser"));
                    assertThat(variable(init, "WEFT_INBOUND_PORT"))
                            .isEqualTo(variable(sidecar, "WEFT_MESH_CAPTURE_INBOUNDPORT"));
                    assertThat(variable(sidecar, "WEFT_MESH_CAPTURE_OUTBOUNDPORT"))
                            .as("what the rules take where none is said")
                            .isEqualTo("15001");
                });
    }

    /** What is not of Java says in its first line how its image is made. */
    private static Stream<String> builtFromDockerfiles() {
        String told = Project.text(Project.MODULE.resolve("capture/Dockerfile"));
        return Pattern.compile("docker build -t (\\S+)")
                .matcher(told)
                .results()
                .map(found -> found.group(1));
    }

    private static Optional<Map<String, Object>> container(Map<String, Object> pod, String name) {
        return Tree.each(pod, "initContainers")
                .filter(each -> name.equals(Tree.text(each, "name")))
                .findFirst();
    }

    private static String variable(Map<String, Object> container, String name) {
        return Tree.each(container, "env")
                .filter(each -> name.equals(Tree.text(each, "name")))
                .map(each -> Tree.text(each, "value"))
                .findFirst()
                .orElse("");
    }
}
