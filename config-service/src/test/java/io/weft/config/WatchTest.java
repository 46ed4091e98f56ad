package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WatchTest {

    private final LocalService local = LocalService.shared();
    private final RunningService service = local.service;

    @Test
    void saysAtOnceWhereTheHeadIsAndThenEachMoveAsItHappens() {
        String head = head();
        try (WatchStream watch = new WatchStream(service, "?since=" + local.first)) {
            assertThat(watch.contentType()).startsWith("application/x-ndjson");
            assertThat(watch.line()).isEqualTo("{\"commit\":\"" + head + "\"}");

            long before = System.nanoTime();
            String next = commit();
            assertThat(watch.commitLine()).isEqualTo("{\"commit\":\"" + next + "\"}");
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(Duration.ofSeconds(2));
            assertThat(head()).isEqualTo(next);
        }
    }

    @Test
    void aWatcherThatIsUpToDateHearsOnlyHeartbeats() {
        try (WatchStream watch = new WatchStream(service, "?since=" + head())) {
            assertThat(watch.line()).isEqualTo("{\"heartbeat\":true}");
            assertThat(watch.line()).isEqualTo("{\"heartbeat\":true}");
        }
    }

    @Test
    void manyWatchersHearTheSameMove() {
        List<WatchStream> watchers = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                watchers.add(new WatchStream(service, ""));
                watchers.getLast().commitLine();
            }
            String next = commit();
            assertThat(watchers).allSatisfy(w -> assertThat(w.commitLine()).contains(next));
        } finally {
            watchers.forEach(WatchStream::close);
        }
        RunningService.await("watchers that have gone are forgotten", () -> watchers() == 0);
    }

    @Test
    void aSinceThatIsNoCommitIdIsRefused() {
        assertThat(service.get("/mesh/watch?since=main").statusCode()).isEqualTo(400);
    }

    private String commit() {
        return local.repository.commitWorkTree(
                "Move", Map.of("mesh/moving.yaml", "id: " + UUID.randomUUID()));
    }

    private String head() {
        return service.json("/mesh/bundle").get("commit").asString();
    }

    private double watchers() {
        return service.json("/actuator/metrics/weft.config.watchers")
                .get("measurements")
                .get(0)
                .get("value")
                .asDouble();
    }
}
