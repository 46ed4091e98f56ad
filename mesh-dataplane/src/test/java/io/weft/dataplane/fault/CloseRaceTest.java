package io.weft.dataplane.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.Caller;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Upstreams that close connections just as they are used again. No retry policy helps. */
class CloseRaceTest {

    private static final int CALLERS = 8;
    private static final int REQUESTS = 80;

    private final Caller caller = new Caller();
    private final AtomicInteger number = new AtomicInteger();

    @AfterEach
    void stop() throws Exception {
        caller.close();
    }

    /** The answers' statuses, and how often. */
    private Map<Integer, Integer> call(String method, String body) throws Exception {
        Map<Integer, Integer> answers = new ConcurrentHashMap<>();
        Callable<Void> calling =
                () -> {
                    try (Wire wire = caller.wire()) {
                        for (int i = 0; i < REQUESTS; i++) {
                            String request =
                                    Caller.request(
                                                    method,
                                                    "/" + number.incrementAndGet(),
                                                    "Content-Length: " + body.length())
                                            + body;
                            answers.merge(wire.send(request).reply().status(), 1, Integer::sum);
                        }
                    }
                    return null;
                };
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                all.add(callers.submit(calling));
            }
            for (Future<Void> each : all) {
                each.get();
            }
        }
        return answers;
    }

    private Hasty hasty() throws Exception {
        Hasty app = caller.mesh.closing(new Hasty());
        caller.endpoint("hasty", app.port(), Locality.UNKNOWN);
        caller.forward();
        return app;
    }

    private Leaving leaving(boolean silently) {
        Leaving app = caller.mesh.closing(new Leaving(caller.mesh.apps, silently));
        caller.endpoint("leaving", app.port(), Locality.UNKNOWN);
        caller.protocol(AppProtocol.HTTP2).forward();
        return app;
    }

    @Test
    void aReplayableRequestNeverSeesThatAnHttp1ConnectionHasJustBeenClosed() throws Exception {
        Hasty app = hasty();
        assertThat(call("GET", "")).containsOnlyKeys(200);
        assertThat(call("PUT", "b".repeat(5_000))).containsOnlyKeys(200);
        assertThat(app.closed.get()).isGreaterThan(CALLERS * REQUESTS / 5);
        assertThat(caller.node.log().lines())
                .as("the race was run into")
                .anyMatch(line -> line.attempts() > 1);
    }

    @Test
    void aRequestThatMustNotBeSentTwiceIsNotAndItsErrorIsExact() throws Exception {
        Hasty app = hasty();
        Map<Integer, Integer> answers = call("POST", "b".repeat(500));
        assertThat(answers.keySet()).isSubsetOf(200, 503);
        assertThat(app.came.values()).as("how often each came").allMatch(times -> times == 1);
        for (RecordingLog.Line line : caller.node.log().lines()) {
            assertThat(line.attempts()).isEqualTo(1);
            if (line.status() == 503) {
                assertThat(line.flags()).isIn("UC", "UR");
                assertThat(line.details())
                        .isEqualTo(
                                line.flags().equals("UC")
                                        ? "upstream_reset_before_response_started{connection_termination}"
                                        : "upstream_reset_before_response_started{remote_reset}");
                assertThat(line.failure()).isNotEmpty();
            }
        }
    }

    @Test
    void aReplayableRequestNeverSeesThatAnHttp2ConnectionGoesAwayOrIsClosed() throws Exception {
        Leaving app = leaving(true);
        assertThat(call("GET", "")).containsOnlyKeys(200);
        assertThat(app.left.get()).isGreaterThan(20);
    }

    @Test
    void aPostIsLookedAtOnceHoweverOftenItsConnectionGoesAway() throws Exception {
        Leaving app = leaving(false);
        assertThat(call("POST", "b".repeat(500)).keySet()).isSubsetOf(200, 503);
        assertThat(app.left.get()).isGreaterThan(20);
        assertThat(app.came.values()).as("how often each was looked at").allMatch(t -> t == 1);
    }
}
