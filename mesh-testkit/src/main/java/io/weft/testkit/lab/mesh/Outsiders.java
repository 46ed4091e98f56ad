package io.weft.testkit.lab.mesh;

import io.weft.model.Locality;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.catalog.Registration.RegisteredService;
import io.weft.model.catalog.ServicePort;
import io.weft.policy.control.ControlPlane;
import io.weft.testkit.lab.topology.PortSpec;
import io.weft.testkit.lab.topology.Topology.ExtAuthzSpec;
import io.weft.testkit.lab.topology.WorkloadSpec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Applications outside the mesh: they have Services, but no sidecar that would register them. Each
 * gets an address of its own on the lab's network. For the thread that starts the lab.
 */
final class Outsiders implements AutoCloseable {

    /** Shorter than the lease of a registration that has no stream. */
    private static final int REGISTER_SECONDS = 10;

    private final ControlPlane control;
    private final LabNetwork network;
    private final List<Entry> entries = new ArrayList<>();
    private final ScheduledExecutorService again =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("weft-lab-leases").daemon().factory());

    private record Entry(SpiffeId identity, Registration registration) {}

    Outsiders(ControlPlane control, LabNetwork network) {
        this.control = control;
        this.network = network;
        again.scheduleWithFixedDelay(
                this::registerAll, REGISTER_SECONDS, REGISTER_SECONDS, TimeUnit.SECONDS);
    }

    void add(LabReplica replica, List<RegisteredService> services) {
        WorkloadSpec workload = replica.workload();
        String given = workload.address();
        String address = given == null ? nextAddress() : given;
        List<RegisteredPort> ports = new ArrayList<>();
        for (PortSpec port : ApplicationStarter.targets(workload)) {
            int local = replica.application().localPort(port.targetPort());
            network.place(address, port.targetPort(), new InetSocketAddress("127.0.0.1", local));
            ports.add(
                    new RegisteredPort(
                            port.name(), port.targetPort(), port.protocol(), port.targetPort()));
        }
        register(
                new Entry(
                        replica.identity(),
                        new Registration(
                                replica.instance(),
                                workload.id(),
                                workload.serviceAccount(),
                                workload.labels(),
                                workload.locality(),
                                LabMesh.CLUSTER,
                                address,
                                ports,
                                services,
                                false,
                                true,
                                false)));
    }

    /** The check server: at its Service, and on 127.0.0.1 for a ServiceEntry that says so. */
    void add(ExtAuthzSpec spec, String trustDomain, CheckServer server) {
        String address = nextAddress();
        List<RegisteredPort> ports = new ArrayList<>();
        List<ServicePort> servicePorts = new ArrayList<>();
        Map<Integer, Integer> real =
                Map.of(
                        spec.httpPort(), server.http().getPort(),
                        spec.grpcPort(), server.grpc().getPort());
        for (int port : List.of(spec.httpPort(), spec.grpcPort())) {
            boolean http = port == spec.httpPort();
            String name = http ? "http" : "grpc";
            var protocol = http ? io.weft.model.AppProtocol.HTTP : io.weft.model.AppProtocol.GRPC;
            InetSocketAddress place = http ? server.http() : server.grpc();
            network.place(address, port, place);
            network.place("127.0.0.1", port, place);
            ports.add(new RegisteredPort(name, port, protocol, port));
            servicePorts.add(new ServicePort(name, port, port, protocol));
        }
        network.service(spec.name(), spec.namespace(), servicePorts, real);
        register(
                new Entry(
                        new SpiffeId(trustDomain, spec.namespace(), spec.name()),
                        new Registration(
                                spec.name() + "." + spec.namespace(),
                                new WorkloadId(spec.namespace(), spec.name()),
                                spec.name(),
                                Map.of("app", spec.name()),
                                Locality.UNKNOWN,
                                LabMesh.CLUSTER,
                                address,
                                ports,
                                List.of(new RegisteredService(spec.name(), servicePorts)),
                                false,
                                true,
                                false)));
    }

    private String nextAddress() {
        int number = entries.size() + 1;
        return "127.77." + number / 250 + "." + (number % 250 + 1);
    }

    private void register(Entry entry) {
        entries.add(entry);
        control.register(entry.identity(), entry.registration()).toCompletableFuture().join();
    }

    private void registerAll() {
        entries.forEach(entry -> control.register(entry.identity(), entry.registration()));
    }

    @Override
    public void close() {
        again.shutdownNow();
    }
}
