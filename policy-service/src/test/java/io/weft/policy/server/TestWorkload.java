package io.weft.policy.server;

import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.Secret;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.catalog.ServicePort;
import io.weft.model.wire.Ack;
import io.weft.model.wire.IssuedCertificate;
import io.weft.model.wire.JoinRequest;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.StreamMessage;
import io.weft.model.wire.Subscription;
import io.weft.policy.ca.Pem;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The least a sidecar does: joins, registers, subscribes, reads its stream and acknowledges. */
public final class TestWorkload implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    public final SpiffeId id;
    final String instance;
    final KeyPair keys;
    final IssuedCertificate certificate;
    final HttpClient client;
    private final MeshCodec codec = new MeshCodec();
    private final String base;
    private final BlockingQueue<StreamMessage> messages = new LinkedBlockingQueue<>();
    private final Map<String, String> has = new TreeMap<>();
    private @Nullable Stream<String> stream;

    private TestWorkload(SpiffeId id, String instance, KeyPair keys, IssuedCertificate certificate)
            throws Exception {
        this.id = id;
        this.instance = instance;
        this.keys = keys;
        this.certificate = certificate;
        this.client =
                mutualTls(
                        keys,
                        certificate.chainPem(),
                        certificate.trustBundles().get(id.trustDomain()));
        this.base = "https://" + certificate.controlPlane().getFirst() + "/v1/";
    }

    public static TestWorkload joined(
            PolicyServer server, String namespace, String account, String instance)
            throws Exception {
        return joined(
                server,
                namespace,
                account,
                instance,
                server.tokens().create(namespace, account, Duration.ofMinutes(5)).token());
    }

    public static TestWorkload joined(
            PolicyServer server, String namespace, String account, String instance, Secret token)
            throws Exception {
        SpiffeId id = new SpiffeId("cluster.local", namespace, account);
        KeyPair keys = TestKeys.ec("secp256r1");
        HttpResponse<byte[]> answer =
                join(
                        server,
                        new JoinRequest(token, namespace, account, TestKeys.csr(keys, id.uri())));
        if (answer.statusCode() != 200) {
            throw new AssertionError(
                    "join: " + answer.statusCode() + " " + new String(answer.body()));
        }
        return new TestWorkload(
                id, instance, keys, new MeshCodec().read(answer.body(), IssuedCertificate.class));
    }

    /** The same workload and certificate at another control plane. */
    TestWorkload at(PolicyServer server) throws Exception {
        return new TestWorkload(
                id,
                instance,
                keys,
                new IssuedCertificate(
                        certificate.chainPem(),
                        certificate.trustBundles(),
                        List.of("127.0.0.1:" + server.meshPort())));
    }

    /** What it was told to trust when it joined. */
    public Map<String, String> trustBundles() {
        return certificate.trustBundles();
    }

    /** The same workload with another certificate. */
    TestWorkload with(IssuedCertificate other) throws Exception {
        return new TestWorkload(id, instance, keys, other);
    }

    public static HttpResponse<byte[]> join(PolicyServer server, JoinRequest request)
            throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .sslContext(tls(null, null, server.authority().trustBundlePem()))
                        .build()) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "https://127.0.0.1:" + server.joinPort() + "/v1/join"))
                            .timeout(PATIENCE)
                            .POST(
                                    HttpRequest.BodyPublishers.ofByteArray(
                                            new MeshCodec().write(request)))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    static HttpClient mutualTls(KeyPair keys, String chainPem, String rootsPem) throws Exception {
        return HttpClient.newBuilder().sslContext(tls(keys, chainPem, rootsPem)).build();
    }

    private static SSLContext tls(
            @Nullable KeyPair keys, @Nullable String chainPem, String rootsPem) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        int number = 0;
        for (X509Certificate root : Pem.readCertificates(rootsPem)) {
            trust.setCertificateEntry("root-" + number++, root);
        }
        TrustManagerFactory trusts =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory own =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        if (keys != null && chainPem != null) {
            store.setKeyEntry(
                    "own",
                    keys.getPrivate(),
                    new char[0],
                    Pem.readCertificates(chainPem).toArray(X509Certificate[]::new));
        }
        own.init(store, new char[0]);
        context.init(own.getKeyManagers(), trusts.getTrustManagers(), null);
        return context;
    }

    public Registration registration(int port, boolean ready) {
        return new Registration(
                instance,
                new WorkloadId(id.namespace(), id.serviceAccount()),
                id.serviceAccount(),
                Map.of("app", id.serviceAccount()),
                Locality.UNKNOWN,
                "test",
                "127.0.0.1",
                List.of(new RegisteredPort("http", port, AppProtocol.HTTP, port + 10_000)),
                List.of(
                        new Registration.RegisteredService(
                                id.serviceAccount(),
                                List.of(new ServicePort("http", 80, port, AppProtocol.HTTP)))),
                false,
                ready,
                true);
    }

    int put(String path, Object body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(base + path))
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(codec.write(body)))
                        .build())
                .statusCode();
    }

    public int register(Registration registration) throws Exception {
        return put("instances/" + registration.instance(), registration);
    }

    public int subscribe(String... routes) throws Exception {
        return put(
                "instances/" + instance + "/subscription",
                new Subscription(List.of(routes), stream == null ? has : Map.of()));
    }

    HttpResponse<byte[]> renew(String csrPem) throws Exception {
        return send(
                HttpRequest.newBuilder(URI.create(base + "certificates"))
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        codec.write(Map.of("csrPem", csrPem))))
                        .build());
    }

    HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    int ack(String revision, boolean accepted, String reason) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(base + "instances/" + instance + "/acks"))
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        codec.write(new Ack(revision, accepted, reason))))
                        .build())
                .statusCode();
    }

    int report(byte[] body) throws Exception {
        return report(instance, body);
    }

    int report(String of, byte[] body) throws Exception {
        return post(of, "reports", body);
    }

    /** Tells of traffic. */
    public int traffic(Object report) throws Exception {
        return post(instance, "traffic", codec.write(report));
    }

    int post(String of, String what, byte[] body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(base + "instances/" + of + "/" + what))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build())
                .statusCode();
    }

    /** Opens the stream; the answer's status. */
    public int open() throws Exception {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        HttpResponse<Stream<String>> response =
                                client.send(
                                        HttpRequest.newBuilder(
                                                        URI.create(
                                                                base
                                                                        + "instances/"
                                                                        + instance
                                                                        + "/stream"))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofLines());
                        stream = response.body();
                        status.complete(response.statusCode());
                        response.body()
                                .forEach(line ->
                                        messages.add(codec.read(line, StreamMessage.class)));
                    } catch (Exception e) {
                        status.completeExceptionally(e);
                    }
                });
        return status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    public StreamMessage next() throws Exception {
        StreamMessage message = messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing came on the stream of " + instance);
        }
        return message;
    }

    public StreamMessage.Delta nextDelta() throws Exception {
        StreamMessage message = next();
        while (!(message instanceof StreamMessage.Delta)) {
            message = next();
        }
        return (StreamMessage.Delta) message;
    }

    /** The next delta, taken over and acknowledged. */
    public StreamMessage.Delta take() throws Exception {
        StreamMessage.Delta delta = nextDelta();
        delta.updates().forEach(update -> has.put(update.resource().key(), update.hash()));
        delta.removed().forEach(has::remove);
        if (ack(delta.revision(), true, "") != 204) {
            throw new AssertionError("acknowledgement was not taken");
        }
        return delta;
    }

    boolean hasNoTap() {
        return messages.stream().noneMatch(StreamMessage.Taps.class::isInstance);
    }

    /** The next list of taps. */
    public StreamMessage.Taps nextTaps() throws Exception {
        StreamMessage message = next();
        while (!(message instanceof StreamMessage.Taps)) {
            message = next();
        }
        return (StreamMessage.Taps) message;
    }

    boolean hasNoDelta() {
        return messages.stream().noneMatch(StreamMessage.Delta.class::isInstance);
    }

    Map<String, String> has() {
        return has;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
