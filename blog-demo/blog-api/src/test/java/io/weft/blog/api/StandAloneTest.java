package io.weft.blog.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class StandAloneTest {

    @Test
    void withoutDatabaseAndUserServiceItServesTheSamplesWithTheIdsOfTheAuthors() throws Exception {
        try (var api = new RunningApi("--USER_SERVICE_URL=http://127.0.0.1:" + closedPort())) {
            var page = api.json(api.get("/api/v1/articles"));
            assertThat(page.at("/total").asInt()).isEqualTo(SampleArticles.all().size());
            assertThat(page.at("/items/0/author/name").asString()).isEqualTo("lin-mei");
        }
    }

    @Test
    void whileTheDatabaseIsAwayRequestsForArticlesAreRefusedAndTheProbesHold() throws Exception {
        var mongo = EmbeddedMongo.start();
        try (var api =
                new RunningApi("--DATABASE_URL=" + mongo.url(), "--blog.database-timeout=200ms")) {
            mongo.close();
            assertThat(api.get("/api/v1/articles").statusCode()).isEqualTo(503);
            assertThat(api.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aUserServiceUrlThatIsNoneStopsTheStartAndSaysWhy() {
        assertThatThrownBy(() -> new RunningApi("--USER_SERVICE_URL=localhost:9090"))
                .hasStackTraceContaining(
                        "USER_SERVICE_URL: localhost:9090 (expected: http://HOST:PORT)");
    }

    private static int closedPort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
