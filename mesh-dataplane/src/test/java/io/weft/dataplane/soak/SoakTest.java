package io.weft.dataplane.soak;

import static io.weft.dataplane.testing.Resources.cluster;
import static io.weft.dataplane.testing.Resources.endpoint;
import static io.weft.dataplane.testing.Resources.endpoints;
import static io.weft.dataplane.testing.Resources.port;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.table;
import static io.weft.dataplane.testing.Resources.to;
import static io.weft.dataplane.testing.Resources.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.internal.PlatformDependent;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.ExchangeView;
import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.Resources;
import io.weft.dataplane.view.ClusterView.EndpointView;
import io.weft.model.AppProtocol;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/**
 * Requests of every protocol through two sidecars with mutual TLS between them, with aborts from
 * both ends. {@code -Psoak} sends a million.
 */
class SoakTest {

    private static final int REQUESTS = Integer.getInteger("soak.requests", 3_000);
    private static final int FIRST_CALLERS = 12;
    private static final int SECOND_CALLERS = 3;

    /** Counts, and keeps nothing. */
    private static final class Counting implements ExchangeLog {
        final LongAdder http = new LongAdder();

        @Override
        public void finished(ExchangeView exchange) {
            if (exchange.http()) {
                http.increment();
            }
        }

        @Override
        public void opened(ExchangeView connection) {
            // Its end is counted.
        }
    }

    @Test
    void nothingIsLeakedStuckOrMixedUpWhateverEitherEndDoes() throws Exception {
        Counting log = new Counting();
        Tally tally = new Tally(REQUESTS);
        EventLoopGroup callers = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        long began = System.nanoTime();
        try (Leaks leaks = new Leaks();
                MeshPair mesh = new MeshPair()) {
            MeshPair.Node server = server(mesh, log);
            MeshPair.Node client = client(mesh, log, server);
            Memory memory = new Memory();
            run(callers, client.plane().outboundPort(), tally, memory);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            System.out.printf(
                    "soak: %d requests in %d s, %d exchanges recorded; %s; heap after collection"
                            + " %d to %d KiB; direct buffers at most %d KiB%n",
                    REQUESTS,
                    seconds,
                    log.http.sum(),
                    tally.outcomes(),
                    memory.firstHeap >> 10,
                    memory.lastHeap >> 10,
                    memory.mostDirect >> 10);
            assertThat(tally.wrong()).isEmpty();
            assertThat(tally.counted()).isGreaterThanOrEqualTo(REQUESTS);
            Await.until("callers are gone", () -> client.plane().view().connections() == 0);
            for (MeshPair.Node node : List.of(client, server)) {
                Await.until("requests end", () -> node.plane().view().activeExchanges() == 0);
                Await.until("endpoints are at rest", () -> busy(node) == 0);
            }
            assertThat(memory.mostDirect).as("buffers").isLessThan(128L << 20);
            assertThat(memory.lastHeap - memory.firstHeap).as("heap").isLessThan(24L << 20);
            assertThat(leaks.reports()).isEmpty();
        } finally {
            callers.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static int busy(MeshPair.Node node) {
        return node.plane().view().clusters().stream()
                .flatMap(cluster -> cluster.endpoints().stream())
                .mapToInt(EndpointView::activeRequests)
                .sum();
    }

    private static MeshPair.Node server(MeshPair mesh, ExchangeLog log) {
        UnreliableApp first = mesh.closing(new UnreliableApp(mesh.apps, false));
        UnreliableApp second = mesh.closing(new UnreliableApp(mesh.apps, true));
        MeshPair.Node server =
                mesh.start(
                        "server",
                        log,
                        s ->
                                s.outboundPort(-1)
                                        .inbound(
                                                InboundBinding.of(
                                                        8080,
                                                        "http",
                                                        AppProtocol.HTTP,
                                                        first.port()))
                                        .inbound(
                                                InboundBinding.of(
                                                        9090,
                                                        "grpc",
                                                        AppProtocol.GRPC,
                                                        second.port())));
        server.source()
                .publish(
                        set(
                                workload(
                                        "server",
                                        OutboundPolicy.ALLOW_ANY,
                                        strict(8080, AppProtocol.HTTP),
                                        strict(9090, AppProtocol.GRPC))));
        return server;
    }

    private static io.weft.model.listener.InboundPort strict(int port, AppProtocol protocol) {
        return port(port, protocol, MtlsMode.STRICT, AuthzProgram.ALLOW_ALL);
    }

    private static MeshPair.Node client(MeshPair mesh, ExchangeLog log, MeshPair.Node server) {
        MeshPair.Node client = mesh.start("client", log, s -> s);
        client.source()
                .publish(
                        set(
                                workload("client", OutboundPolicy.REGISTRY_ONLY),
                                routes(8080, AppProtocol.HTTP),
                                cluster(8080, AppProtocol.HTTP),
                                served(mesh, server, 8080),
                                routes(9090, AppProtocol.GRPC),
                                cluster(9090, AppProtocol.GRPC),
                                served(mesh, server, 9090)));
        return client;
    }

    private static RouteTable routes(int port, AppProtocol protocol) {
        return table(
                "server.ns:" + port,
                protocol,
                route(
                        Match.ALWAYS,
                        List.of(),
                        Timeouts.NONE,
                        Resources.DEFAULT_RETRY,
                        to(port, "", 1)));
    }

    private static io.weft.model.resource.EndpointSet served(
            MeshPair mesh, MeshPair.Node server, int port) {
        int bound = server.plane().inboundPorts().get(port);
        return endpoints(port, endpoint("server-0", bound, mesh.id("server"), Map.of()));
    }

    private static void run(EventLoopGroup loop, int port, Tally tally, Memory memory)
            throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < FIRST_CALLERS; i++) {
            threads.add(Thread.ofPlatform().daemon().start(new FirstCaller(port, tally, 1000 + i)));
        }
        List<CountDownLatch> others = new ArrayList<>();
        for (int i = 0; i < SECOND_CALLERS; i++) {
            others.add(new SecondCaller(loop, port, tally, 2000 + i).start());
        }
        long waited = 0;
        while (threads.stream().anyMatch(Thread::isAlive)) {
            for (Thread thread : threads) {
                thread.join(50);
            }
            memory.look(tally.counted() > REQUESTS / 10);
            waited++;
        }
        for (CountDownLatch other : others) {
            assertThat(other.await(60, TimeUnit.SECONDS)).as("HTTP/2 callers end").isTrue();
        }
        assertThat(waited).isPositive();
        memory.end();
    }

    /** What is in use while it runs. */
    private static final class Memory {
        long firstHeap = -1;
        long lastHeap;
        long mostDirect;

        void look(boolean warm) {
            mostDirect = Math.max(mostDirect, PlatformDependent.usedDirectMemory());
            if (warm && firstHeap < 0) {
                firstHeap = heap();
            }
        }

        void end() {
            lastHeap = heap();
            if (firstHeap < 0) {
                firstHeap = lastHeap;
            }
        }

        private static long heap() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }
    }
}
