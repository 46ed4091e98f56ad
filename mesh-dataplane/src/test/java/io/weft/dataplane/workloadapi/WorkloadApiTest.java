package io.weft.dataplane.workloadapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.identity.TokenClient;
import io.weft.dataplane.testing.Http2Client;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.engine.MeshClock;
import io.weft.model.SpiffeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, and what is answered to what is not a call. */
@Timeout(60)
class WorkloadApiTest {

    private static final TestAuthority MESH = TestAuthority.of("cluster.local");
    private static final SpiffeId API = MESH.id("blog", "api");
    private static final String EMPTY = "\0\0\0\0\0";

    @TempDir Path directory;
    private final MeshTls tls = MESH.tls(API);
    private MultiThreadIoEventLoopGroup loop;
    private Path socket;

    @BeforeEach
    void start() {
        Assumptions.assumeTrue(Epoll.isAvailable(), "epoll is not available");
        loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        socket = directory.resolve("workload.sock");
    }

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private WorkloadApi serve(Integer... users) {
        return WorkloadApi.start(
                new WorkloadApiSettings(socket, Set.of(users)),
                tls,
                new TokenClient(tls, List.of(), MeshClock.system()),
                MeshClock.system());
    }

    private Http2Client.Reply call(String method, String message, String... headers)
            throws Exception {
        try (Http2Client client = Http2Client.unix(loop, socket)) {
            return client.send(
                            "POST", "localhost", "/SpiffeWorkloadAPI/" + method, message, headers)
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private static String status(Http2Client.Reply reply) {
        CharSequence status = reply.head().get("grpc-status");
        return status == null ? reply.trailer("grpc-status") : status.toString();
    }

    private static final String[] SECURE = {"workload.spiffe.io", "true"};

    @Test
    void theSocketIsForTheOwnerAlone() throws Exception {
        try (WorkloadApi api = serve()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(status(call("ValidateJWTSVID", EMPTY, SECURE))).isEqualTo("3");
        }
        assertThat(socket).as("gone with the proxy").doesNotExist();
    }

    @Test
    void aProcessOfAnotherUserIsHungUpOn() throws Exception {
        int own = (Integer) Files.getAttribute(directory, "unix:uid");
        try (WorkloadApi api = serve(own + 1);
                Http2Client client = Http2Client.unix(loop, socket)) {
            assertThat(client.closed().await(10, TimeUnit.SECONDS)).isTrue();
        }
        try (WorkloadApi api = serve(own + 1, own)) {
            assertThat(status(call("ValidateJWTSVID", EMPTY, SECURE))).isEqualTo("3");
        }
    }

    @Test
    void withoutTheSecurityHeaderNothingIsTold() throws Exception {
        try (WorkloadApi api = serve()) {
            for (String method :
                    List.of(
                            "FetchX509SVID",
                            "FetchX509Bundles",
                            "FetchJWTSVID",
                            "FetchJWTBundles",
                            "ValidateJWTSVID")) {
                Http2Client.Reply without = call(method, EMPTY);
                assertThat(status(without)).as(method).isEqualTo("3");
                assertThat(without.body()).isEmpty();
                assertThat(status(call(method, EMPTY, "workload.spiffe.io", "True")))
                        .isEqualTo("3");
            }
        }
    }

    @Test
    void whatIsNoCallIsRefusedByName() throws Exception {
        try (WorkloadApi api = serve()) {
            assertThat(status(call("FetchEverything", EMPTY, SECURE))).isEqualTo("12");
            assertThat(status(call("FetchJWTSVID", "", SECURE))).as("no message").isEqualTo("3");
            assertThat(status(call("FetchJWTSVID", "\1\0\0\0\0", SECURE)))
                    .as("compressed")
                    .isEqualTo("3");
            assertThat(status(call("FetchJWTSVID", "\0\0\0\0\2\12\11", SECURE)))
                    .as("cut off")
                    .isEqualTo("3");
            assertThat(status(call("FetchJWTSVID", "x".repeat(70_000), SECURE)))
                    .as("too long")
                    .isEqualTo("8");
            // audience "a", spiffe_id "b"
            assertThat(status(call("FetchJWTSVID", "\0\0\0\0\6\12\1a\22\1b", SECURE)))
                    .as("of another identity")
                    .isEqualTo("7");
            assertThat(status(call("FetchJWTSVID", "\0\0\0\0\3\12\1a", SECURE)))
                    .as("without a control plane")
                    .isEqualTo("14");
            assertThat(status(call("FetchJWTBundles", EMPTY, SECURE)))
                    .as("before any keys have come")
                    .isEqualTo("14");
        }
    }

    @Test
    void aSocketThatWasLeftIsReplacedAndAFileIsNot() throws Exception {
        try (WorkloadApi abandoned = serve();
                WorkloadApi next = serve()) {
            assertThat(status(call("ValidateJWTSVID", EMPTY, SECURE))).isEqualTo("3");
        }
        Files.writeString(socket, "somebody's file");
        assertThatThrownBy(this::serve)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(socket.toString())
                .hasMessageContaining("something else of that name");
        assertThat(socket).hasContent("somebody's file");
        assertThatThrownBy(() -> new WorkloadApiSettings(Path.of("/" + "x".repeat(200)), Set.of()))
                .hasMessageContaining("expected: 1 to 107");
    }
}
