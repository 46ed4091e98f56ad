package io.weft.policy.control;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weft.compiler.CompilerOptions;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.wire.Ack;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.StreamMessage;
import io.weft.model.wire.Subscription;
import io.weft.policy.jwks.JwksKeeper;
import io.weft.policy.secrets.InMemoryCertificates;
import io.weft.policy.source.PolicyBundle;
import io.weft.policy.state.StateDirectory;
import io.weft.policy.stream.LineSink;
import io.weft.policy.stream.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Services, each of which calls the next one, with a sidecar each that answers at once: a control
 * plane in this process, without a network.
 */
final class ServiceChain implements AutoCloseable {

    /** One for all: it learns the shape of each type but once. */
    private final MeshCodec codec = new MeshCodec();

    private final int services;
    private final ControlPlane control;
    private final Map<Integer, Sidecar> sidecars = new TreeMap<>();
    private final Map<String, String> repository = new TreeMap<>();

    /**
     * @param gather for how long registrations are gathered before all is built anew
     */
    ServiceChain(int services, Path directory, Duration gather) throws Exception {
        this.services = services;
        StateDirectory state = StateDirectory.open(directory.resolve("state"));
        InstantSource clock = InstantSource.system();
        control =
                new ControlPlane(
                        new ControlSettings(
                                new CompilerOptions("cluster.local", "istio-system"),
                                Duration.ofSeconds(1),
                                gather),
                        new Contents(
                                List::of,
                                new JwksKeeper(
                                        uri -> new CompletableFuture<>(),
                                        Duration.ofMinutes(20),
                                        state,
                                        clock),
                                new InMemoryCertificates()),
                        state,
                        clock,
                        new SimpleMeterRegistry());
        control.start();
        for (int i = 0; i < services; i++) {
            repository.put("mesh/s" + i + ".yaml", service(i));
        }
        publish("first");
        for (int i = 0; i < services; i++) {
            sidecars.put(i, new Sidecar(i));
        }
        for (Sidecar sidecar : sidecars.values()) {
            sidecar.connect();
        }
        get(control.awaitRollout(publish("settled")));
        sidecars.values().forEach(sidecar -> sidecar.heard.clear());
    }

    Map<String, String> repository() {
        return repository;
    }

    RolloutStatus rollout() throws Exception {
        return get(control.rollout());
    }

    @Override
    public void close() {
        control.close();
    }

    /** Publishes the repository and waits until all have what they shall have. */
    List<Integer> whoHears(String commit) throws Exception {
        get(control.awaitRollout(publish(commit)));
        List<Integer> heard = new ArrayList<>();
        sidecars.forEach((number, sidecar) -> {
            if (!sidecar.heard.isEmpty()) {
                heard.add(number);
            }
            sidecar.heard.clear();
        });
        return heard;
    }

    private String publish(String commit) throws Exception {
        List<PolicyBundle.PolicyFile> files = new ArrayList<>();
        repository.forEach((path, text) -> files.add(new PolicyBundle.PolicyFile(path, text)));
        PublishOutcome outcome =
                get(control.publish(new PolicyBundle(commit, null, null, null, null, files, null)));
        if (!outcome.accepted()) {
            throw new IllegalStateException("refused: " + outcome.diagnostics());
        }
        return outcome.revision();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(5, TimeUnit.MINUTES);
    }

    static String service(int i) {
        return """
        apiVersion: v1
        kind: Service
        metadata: {name: sNUM, namespace: shop}
        spec: {selector: {app: sNUM}, ports: [{name: http, port: 80, targetPort: 8080}]}
        """
                .replace("NUM", Integer.toString(i));
    }

    static String guard(int i, String path) {
        return """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: guard, namespace: shop}
        spec:
          selector: {matchLabels: {app: sNUM}}
          rules: [{to: [{operation: {paths: ["PATH"]}}]}]
        """
                .replace("NUM", Integer.toString(i))
                .replace("PATH", path);
    }

    static String route(int i) {
        return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: route, namespace: shop}
        spec:
          hosts: [sNUM]
          http: [{timeout: 3s, route: [{destination: {host: sNUM}}]}]
        """
                .replace("NUM", Integer.toString(i));
    }

    static final String STRICT =
            """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: istio-system}
            spec: {mtls: {mode: STRICT}}
            """;

    /** Acknowledges whatever it is sent, and remembers that something came. */
    private final class Sidecar implements LineSink {
        private final SpiffeId identity;
        private final int number;
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final List<StreamMessage.Delta> heard = new ArrayList<>();

        Sidecar(int number) throws Exception {
            this.number = number;
            this.identity = new SpiffeId("cluster.local", "shop", "s" + number);
            get(
                    control.register(
                            identity,
                            new Registration(
                                    instance(),
                                    new WorkloadId("shop", "s" + number),
                                    "s" + number,
                                    Map.of("app", "s" + number),
                                    Locality.UNKNOWN,
                                    "",
                                    "10.0." + number / 256 + "." + number % 256,
                                    List.of(
                                            new RegisteredPort(
                                                    "http", 8080, AppProtocol.HTTP, 15006)),
                                    List.of(),
                                    false,
                                    true,
                                    true)));
        }

        void connect() throws Exception {
            String next = "s" + (number + 1) % services + ".shop:80";
            get(control.subscribe(identity, instance(), new Subscription(List.of(next), Map.of())));
            get(control.open(new Peer(identity, "", Instant.MAX, ""), instance(), this));
        }

        private String instance() {
            return "s" + number + "-0";
        }

        /** On the control thread. */
        @Override
        public CompletionStage<Void> write(byte[] line) {
            if (codec.read(line, StreamMessage.class) instanceof StreamMessage.Delta delta) {
                heard.add(delta);
                control.acknowledge(identity, instance(), new Ack(delta.revision(), true, ""));
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> closed() {
            return closed;
        }

        @Override
        public void close() {
            closed.complete(null);
        }
    }
}
