package io.weft.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.Caller;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.dataplane.testing.Resources;
import io.weft.dataplane.testing.TestApp;
import io.weft.model.Locality;
import io.weft.model.match.Match;
import io.weft.model.route.Filter;
import io.weft.model.route.Timeouts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that are sent to another endpoint as well when the first is slow. */
class HedgingTest {

    private static final Filter HEDGE =
            new Filter.Hedge(Duration.ofMillis(50), 2, Resources.ORIGIN);

    private final Caller caller = new Caller();
    private final AtomicInteger abandoned = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        caller.close();
    }

    /** An endpoint that answers after a while, or never. */
    private void slow(String name, int millis, String answer) throws IOException {
        ServerSocket server =
                caller.mesh.closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        caller.endpoint(name, server.getLocalPort(), Locality.UNKNOWN);
        Thread.ofVirtual()
                .start(() -> {
                    while (!server.isClosed()) {
                        try {
                            Socket socket = server.accept();
                            Thread.ofVirtual().start(() -> serve(socket, millis, answer));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
    }

    private void serve(Socket socket, int millis, String answer) {
        try (socket) {
            InputStream in = socket.getInputStream();
            byte[] chunk = new byte[4096];
            while (in.read(chunk) > 0) {
                if (answer.isEmpty()) {
                    continue; // Until the caller goes.
                }
                Thread.sleep(millis);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
            abandoned.incrementAndGet();
        } catch (IOException e) {
            abandoned.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String answer(int status, String body) {
        return "HTTP/1.1 "
                + status
                + " Status\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    @Test
    void anEndpointThatHangsIsOvertakenByAnotherAndLetGo() throws Exception {
        slow("hanging", 0, "");
        TestApp quick = caller.app("quick");
        caller.forward(HEDGE);
        for (int i = 0; i < 20; i++) {
            assertThat(caller.get("/").body()).isEqualTo("quick");
        }
        List<Integer> attempts =
                caller.node.log().lines().stream().map(RecordingLog.Line::attempts).toList();
        assertThat(attempts).contains(2).allMatch(count -> count <= 2);
        long overtaken = attempts.stream().filter(count -> count == 2).count();
        Await.until("the hanging attempts are cancelled", () -> abandoned.get() >= overtaken);
        assertThat(quick.seen()).hasSize(20);
    }

    @Test
    void theBodyOfAnIdempotentRequestIsSentToBoth() throws Exception {
        slow("hanging", 0, "");
        TestApp quick = caller.app("quick");
        caller.forward(HEDGE);
        String body = "x".repeat(1000);
        for (int i = 0; i < 10; i++) {
            try (var wire = caller.wire()) {
                String request = Caller.request("PUT", "/", "Content-Length: 1000") + body;
                assertThat(wire.send(request).reply().status()).isEqualTo(200);
            }
        }
        assertThat(quick.seen()).hasSize(10).allMatch(seen -> seen.body().equals(body));
    }

    @Test
    void whatMustNotBeSentTwiceIsNot() throws Exception {
        slow("hanging", 0, "");
        TestApp quick = caller.app("quick");
        caller.routes(
                Resources.route(
                        Match.ALWAYS,
                        List.of(HEDGE),
                        new Timeouts(Duration.ofMillis(200), null),
                        null,
                        Resources.to(8080, "", 1)));
        int late = 0;
        for (int i = 0; i < 10; i++) {
            late += caller.send("POST", "/", "Content-Length: 0").status() == 504 ? 1 : 0;
        }
        assertThat(late).isPositive();
        assertThat(quick.seen()).hasSize(10 - late);
        assertThat(caller.node.log().lines()).allMatch(line -> line.attempts() == 1);
    }

    @Test
    void aBadAnswerIsNotTakenWhileAnotherMayStillComeGood() throws Exception {
        slow("failing", 120, answer(503, ""));
        slow("working", 250, answer(200, "good"));
        caller.forward(HEDGE);
        for (int i = 0; i < 6; i++) {
            assertThat(caller.get("/").body()).isEqualTo("good");
        }
    }

    @Test
    void whereEveryAttemptFailsTheLastAnswerIsTheAnswer() throws Exception {
        slow("failing", 100, answer(503, "one"));
        slow("failing as well", 100, answer(503, "two"));
        caller.forward(HEDGE);
        assertThat(caller.get("/").status()).isEqualTo(503);
        assertThat(caller.node.log().await(1).attempts()).isEqualTo(2);
    }
}
