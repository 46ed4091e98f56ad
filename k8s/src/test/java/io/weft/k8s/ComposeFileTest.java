package io.weft.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.images.ImageCatalog;
import io.weft.images.ImageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ComposeFileTest {

    private static final Set<String> KEYS =
            Set.of(
                    "cap_add",
                    "cap_drop",
                    "command",
                    "depends_on",
                    "environment",
                    "healthcheck",
                    "image",
                    "mem_limit",
                    "network_mode",
                    "networks",
                    "ports",
                    "read_only",
                    "restart",
                    "security_opt",
                    "tmpfs",
                    "user",
                    "volumes",
                    "working_dir");

    private final ComposeFile compose = ComposeFile.read();

    @Test
    void everyServiceHasOnlyKeysOfTheComposeSpecificationAndAnImageWithItsVersion() {
        Set<String> own =
                ImageCatalog.all().stream().map(ImageSpec::reference).collect(Collectors.toSet());
        compose.services()
                .forEach((name, service) -> {
                    assertThat(KEYS).as(name).containsAll(service.keySet());
                    String image = Tree.text(service, "image");
                    if (image.startsWith("weft/") || image.startsWith("blog/")) {
                        assertThat(own).as(name).contains(image);
                    } else {
                        assertThat(image).as(name).matches("[a-z0-9./-]+:[A-Za-z0-9_.-]+");
                    }
                });
    }

    @Test
    void everyImageThatIsMadeHereRuns() {
        Set<String> used =
                compose.services().values().stream()
                        .map(service -> Tree.text(service, "image"))
                        .collect(Collectors.toSet());
        assertThat(used)
                .containsAll(ImageCatalog.all().stream().map(ImageSpec::reference).toList());
    }

    @Test
    void everyServiceThatIsDependedUponExistsAndCanMeetTheCondition() {
        Map<String, Map<String, Object>> services = compose.services();
        services.forEach((name, service) ->
                Tree.map(Tree.at(service, "depends_on"))
                        .forEach((other, how) -> {
                            assertThat(services).as(name).containsKey(other);
                            String condition = Tree.text(how, "condition");
                            assertThat(condition)
                                    .as(name)
                                    .isIn(
                                            "service_started",
                                            "service_healthy",
                                            "service_completed_successfully");
                            if (condition.equals("service_healthy")) {
                                assertThat(services.get(other)).as(name).containsKey("healthcheck");
                            }
                            if (condition.equals("service_completed_successfully")) {
                                assertThat(services.get(other))
                                        .as(name)
                                        .doesNotContainKey("restart");
                            }
                        }));
    }

    @Test
    void publishedPortsAreOfLoopbackAndDoNotCollide() {
        List<String> published = new ArrayList<>();
        compose.services()
                .values()
                .forEach(service -> published.addAll(Tree.texts(service, "ports")));
        assertThat(published).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"));
        assertThat(published.stream().map(port -> port.split(":")[1]).toList())
                .doesNotHaveDuplicates();
    }

    @Test
    void addressesAreOfTheNetworkAndNoTwoServicesShareOne() {
        Map<String, String> addresses = new HashMap<>();
        compose.services()
                .forEach((name, service) -> {
                    String address = Tree.text(service, "networks", "mesh", "ipv4_address");
                    if (!address.isEmpty()) {
                        assertThat(address).startsWith("172.29.77.");
                        assertThat(Integer.parseInt(address.substring(10))).isBetween(2, 127);
                        assertThat(addresses.put(address, name)).as(name).isNull();
                    }
                });
        assertThat(addresses).hasSize(9);
    }

    @Test
    void everyApplicationHasASidecarInItsNetworkThatStandsAtItsAddress() {
        Map<String, Map<String, Object>> services = compose.services();
        Set<String> guarded = new HashSet<>();
        services.forEach((name, service) -> {
            String mode = Tree.text(service, "network_mode");
            if (mode.startsWith("service:")) {
                String application = mode.substring("service:".length());
                assertThat(services).as(name).containsKey(application);
                assertThat(Tree.text(service, "environment", "WEFT_MESH_ADDRESS"))
                        .as(name)
                        .isEqualTo(
                                Tree.text(
                                        services.get(application),
                                        "networks",
                                        "mesh",
                                        "ipv4_address"));
                assertThat(Tree.text(services.get(application), "environment", "SERVER_ADDRESS"))
                        .as(application)
                        .isEqualTo("127.0.0.1");
                guarded.add(application);
            }
        });
        assertThat(guarded)
                .containsExactlyInAnyOrder(
                        "blog-api-1",
                        "blog-api-2",
                        "blog-api-3",
                        "blog-api-v2-1",
                        "user-service-1",
                        "user-service-2",
                        "blog-frontend-1",
                        "static-files-1");
    }

    @Test
    void everyVolumeIsDeclaredAndEveryFileThatIsMountedExists() throws IOException {
        Set<String> declared = Tree.map(compose.root().get("volumes")).keySet();
        Set<String> used = new HashSet<>();
        compose.services()
                .forEach((name, service) -> {
                    for (String volume : Tree.texts(service, "volumes")) {
                        String source = volume.split(":")[0];
                        if (source.startsWith("./")) {
                            assertThat(Files.exists(Project.ROOT.resolve(source)))
                                    .as(source)
                                    .isTrue();
                        } else {
                            assertThat(declared).as(name).contains(source);
                            used.add(source);
                        }
                    }
                });
        assertThat(used).isEqualTo(declared);
    }

    @Test
    void noContainerMayGainPrivileges() {
        compose.services()
                .forEach((name, service) -> {
                    assertThat(Tree.texts(service, "cap_drop")).as(name).containsExactly("ALL");
                    assertThat(service).as(name).containsEntry("read_only", true);
                    assertThat(Tree.texts(service, "security_opt"))
                            .as(name)
                            .contains("no-new-privileges:true");
                });
    }

    @Test
    void everySidecarIsScraped() {
        String prometheus = Project.text(Project.MODULE.resolve("compose/prometheus.yml"));
        compose.services()
                .forEach((name, service) -> {
                    String address = Tree.text(service, "environment", "WEFT_MESH_ADDRESS");
                    if (!address.isEmpty()) {
                        assertThat(prometheus).as(name).contains("'" + address + ":15090'");
                    }
                });
    }
}
