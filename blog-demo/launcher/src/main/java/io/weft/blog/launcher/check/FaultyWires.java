package io.weft.blog.launcher.check;

import io.weft.blog.launcher.process.Deadline;
import io.weft.blog.launcher.topology.ProxySpec;
import io.weft.model.Locality;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Wires between the mesh and some instances that can break. The instances are registered anew with
 * the wires' ports, so that peers come through them; closing it puts the true ports back.
 */
final class FaultyWires implements AutoCloseable {

    private static final int BACKLOG = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CheckedDemo demo;
    private final Map<ProxySpec, Registration> originals = new java.util.LinkedHashMap<>();
    private final List<ServerSocket> sockets = new ArrayList<>();
    private final AtomicInteger toFail = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();

    private FaultyWires(CheckedDemo demo) {
        this.demo = demo;
    }

    /** Puts wires before a port of instances; returns when the gateway goes through them. */
    static FaultyWires before(CheckedDemo demo, List<ProxySpec> proxies, int port)
            throws IOException, InterruptedException {
        FaultyWires wires = new FaultyWires(demo);
        try {
            List<Integer> bound = new ArrayList<>();
            for (ProxySpec proxy : proxies) {
                wires.originals.put(proxy, registration(proxy, port, proxy.port(port).meshPort()));
                int wire = wires.open(proxy.port(port).meshPort());
                bound.add(wire);
                wires.register(proxy, registration(proxy, port, wire));
            }
            wires.awaitAtGateway(bound);
            return wires;
        } catch (IOException | InterruptedException | RuntimeException e) {
            wires.close();
            throw e;
        }
    }

    /** What the sidecar says of itself, but for the port at which others find it. */
    private static Registration registration(ProxySpec proxy, int port, int meshPort) {
        List<RegisteredPort> ports =
                proxy.ports().stream()
                        .map(each ->
                                new RegisteredPort(
                                        each.name(),
                                        each.port(),
                                        each.protocol(),
                                        each.port() == port ? meshPort : each.meshPort()))
                        .toList();
        return new Registration(
                proxy.instance(),
                proxy.workload(),
                proxy.serviceAccount(),
                proxy.labels(),
                Locality.UNKNOWN,
                "Kubernetes",
                "127.0.0.1",
                ports,
                List.of(),
                false,
                true,
                true);
    }

    private void awaitAtGateway(List<Integer> meshPorts) throws IOException, InterruptedException {
        WorkloadId gateway = demo.topology().gateway().workload();
        String path = "/api/v1/config/" + gateway.namespace() + "/" + gateway.name();
        boolean known =
                Deadline.in(PATIENCE)
                        .awaitTrue(() -> {
                            String config = demo.policies().get(path).toString();
                            return meshPorts.stream()
                                    .allMatch(each -> config.contains("\"port\":" + each));
                        });
        if (!known) {
            throw new IOException("the gateway is not told of the changed ports " + meshPorts);
        }
        demo.awaitRollout();
    }

    private void register(ProxySpec proxy, Registration registration) throws IOException {
        MeshPeer.as(demo, proxy).register(demo.topology().control().stream(), registration);
    }

    /**
     * The next so many connections break before a byte has passed, whichever instance they are to.
     */
    void failNext(int connections) {
        attempts.set(0);
        toFail.set(connections);
    }

    /** Connections since {@link #failNext}. */
    int attempts() {
        return attempts.get();
    }

    private int open(int target) throws IOException {
        ServerSocket socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        Thread.ofVirtual().name("wire-accept").start(() -> accept(socket, target));
        return socket.getLocalPort();
    }

    private void accept(ServerSocket socket, int target) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                attempts.incrementAndGet();
                if (toFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    connection.setSoLinger(true, 0);
                    connection.close();
                } else {
                    join(connection, new Socket(InetAddress.getLoopbackAddress(), target));
                }
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                // The next connection may do better.
            }
        }
    }

    private static void join(Socket one, Socket other) {
        Thread.ofVirtual().name("wire").start(() -> copy(one, other));
        Thread.ofVirtual().name("wire").start(() -> copy(other, one));
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            // One end closed; so does the other.
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Map.Entry<ProxySpec, Registration> each : originals.entrySet()) {
            register(each.getKey(), each.getValue());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        awaitAtGateway(
                originals.values().stream()
                        .flatMap(each -> each.ports().stream())
                        .map(RegisteredPort::meshPort)
                        .toList());
    }
}
