package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PropertiesTest {

    private final LocalService local = LocalService.shared();
    private final RunningService service = local.service;

    @Test
    void servesThePropertiesOfAnApplicationMostSpecificFirst() {
        JsonNode environment = service.json("/blog-api/dev,prod/" + local.third);

        assertThat(environment.get("version").asString()).isEqualTo(local.third);
        assertThat(names(environment))
                .containsExactly(
                        name("blog-api-prod.properties"),
                        name("blog-api.yml (document #1)"),
                        name("blog-api.yml (document #0)"),
                        name("application.yml"));
        assertThat(
                        environment
                                .get("propertySources")
                                .get(0)
                                .get("source")
                                .get("greeting")
                                .asString())
                .isEqualTo("prod");
    }

    @Test
    void servesOneMergedFileInEachFormat() {
        assertThat(service.get("/main/blog-api-prod.properties").body())
                .contains("greeting: prod", "uri: all/x");
        assertThat(service.get("/blog-prod.yml").body()).contains("greeting: hello");
        assertThat(service.get("/other-x.json").body()).contains("\"x\":1");
        assertThat(service.get("/blog-api/prod?resolvePlaceholders=false").body())
                .contains("${shared}/x");
    }

    @Test
    void aLabelIsABranchATagOrACommit() {
        local.repository.commitTexts(
                "team/blue", null, "Blue", "application.yml", "greeting: blue\n");

        assertThat(service.get("/any/default/team(_)blue").body())
                .contains("blue")
                .doesNotContain("hello");
        assertThat(service.get("/any/default/" + local.first).body()).contains("hello");
        assertThat(service.get("/any/default/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void originsNameTheRepositoryAndNotTheFolderOfTheServer() {
        HttpResponse<String> response =
                service.get(
                        "/blog-api/prod",
                        "Accept",
                        "application/vnd.spring-cloud.config-server.v2+json");

        assertThat(response.body())
                .contains("origin", "greeting")
                .doesNotContain("checkouts", "/base/");
    }

    @Test
    void aFileThatWouldHaveTheServerReadAnotherIsNotServed() {
        JsonNode environment = service.json("/importer/default");

        assertThat(environment.toString()).doesNotContain(LocalService.SECRET, "importer.yml");
        assertThat(names(environment)).containsExactly(name("application.yml"));
    }

    @Test
    void wholeFilesAreServedOnlyWhenOpened() {
        assertThat(service.get("/blog-api/default/main/readme.txt").statusCode()).isEqualTo(404);
        assertThat(
                        service.get(
                                        "/blog-api/default/main/blog-api.yml",
                                        "Accept",
                                        "application/octet-stream")
                                .statusCode())
                .isEqualTo(404);
        assertThat(local.plainText.get("/blog-api/default/main/readme.txt").body())
                .isEqualTo("plain text blog\n");
        assertThat(local.plainText.get("/blog-api/default/main/nothing.txt").statusCode())
                .isEqualTo(404);
    }

    @Test
    void onlyTheFourActuatorEndpointsAreThere() {
        for (String open : List.of("health", "info", "metrics", "prometheus")) {
            assertThat(service.get("/actuator/" + open).statusCode()).as(open).isEqualTo(200);
        }
        for (String closed :
                List.of(
                        "",
                        "/env",
                        "/beans",
                        "/heapdump",
                        "/configprops",
                        "/shutdown",
                        "/refresh")) {
            assertThat(service.get("/actuator" + closed).statusCode()).as(closed).isEqualTo(404);
        }
        assertThat(service.get("/actuator/prometheus").body())
                .contains("weft_config_reads_total", "http_server_requests");
    }

    private String name(String file) {
        return "file://" + local.repository.folder() + "/" + file;
    }

    private static List<String> names(JsonNode environment) {
        return environment
                .get("propertySources")
                .valueStream()
                .map(s -> s.get("name").asString())
                .toList();
    }
}
