package io.weft.dataplane.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.weft.dataplane.identity.Svid;
import io.weft.model.SpiffeId;
import io.weft.model.catalog.Registration;
import io.weft.model.wire.Ack;
import io.weft.model.wire.IssuedCertificate;
import io.weft.model.wire.JoinRequest;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.Subscription;
import io.weft.model.wire.TrafficReport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * Speaks the control plane's side of the wire over real TLS (HTTP/1.1), says what it is told to,
 * and remembers what it heard.
 */
public final class FakeControlPlane implements AutoCloseable {

    private static final byte[] END = new byte[0];

    private final MeshCodec codec = new MeshCodec();
    private final TestAuthority authority;
    private final HttpsServer server;
    private final List<String> peers = new CopyOnWriteArrayList<>();
    private final List<JoinRequest> joins = new CopyOnWriteArrayList<>();
    private final List<Registration> registrations = new CopyOnWriteArrayList<>();
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final List<Ack> acks = new CopyOnWriteArrayList<>();
    private final List<TrafficReport> traffic = new CopyOnWriteArrayList<>();
    private final List<Instant> streams = new CopyOnWriteArrayList<>();
    private volatile BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();
    private volatile String token = "good-token";
    private volatile int failures;
    private volatile Supplier<Instant> issueFrom = () -> Instant.now().minusSeconds(10);
    private volatile Duration life = Duration.ofHours(1);

    private record RenewalRequest(String csrPem) {}

    public FakeControlPlane(TestAuthority authority) throws Exception {
        this(authority, authority.svid(authority.id("weft-system", "policy-service")), 0);
    }

    /** With the certificate given, at a given port. */
    public FakeControlPlane(TestAuthority authority, Svid own, int port) throws Exception {
        this.authority = authority;
        server =
                HttpsServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        SSLContext context = SSLContext.getInstance("TLS");
        char[] password = new char[0];
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("own", own.key(), password, own.chain().toArray(new Certificate[0]));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
        keyManagers.init(keys, password);
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", authority.root());
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
        trustManagers.init(roots);
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        server.setHttpsConfigurator(
                new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters wanted = context.getDefaultSSLParameters();
                        wanted.setWantClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/join", this::join);
        server.createContext("/v1/certificates", this::renew);
        server.createContext("/v1/instances/", this::instance);
        server.start();
    }

    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Which token is good; others are refused. */
    public void token(String good) {
        token = good;
    }

    /** So many of the next requests for certificates end with a 503, and reports with a 409. */
    public void failNext(int times) {
        failures = times;
    }

    public void issue(Supplier<Instant> from, Duration howLong) {
        issueFrom = from;
        life = howLong;
    }

    /** Sends a message to whoever reads the stream. */
    public void send(Object message) {
        sendLine(new String(codec.write(message), StandardCharsets.UTF_8));
    }

    public void sendLine(String line) {
        lines.add((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Ends the stream that is open. */
    public void endStream() {
        lines.add(END);
    }

    public List<JoinRequest> joins() {
        return joins;
    }

    public List<Registration> registrations() {
        return registrations;
    }

    public List<Subscription> subscriptions() {
        return subscriptions;
    }

    public List<Ack> acks() {
        return acks;
    }

    /** What was told of traffic. */
    public List<TrafficReport> traffic() {
        return traffic;
    }

    /** When streams were opened. */
    public List<Instant> streams() {
        return streams;
    }

    /** The SPIFFE IDs of those who asked for another certificate. */
    public List<String> renewals() {
        return peers;
    }

    private void join(HttpExchange exchange) throws IOException {
        JoinRequest request =
                codec.read(exchange.getRequestBody().readAllBytes(), JoinRequest.class);
        joins.add(request);
        if (!request.token().reveal().equals(token)) {
            answer(exchange, 403, "{\"detail\":\"join token: unknown or used\"}");
        } else {
            certify(exchange, request.csrPem());
        }
    }

    private void renew(HttpExchange exchange) throws IOException {
        Certificate[] shown = ((HttpsExchange) exchange).getSSLSession().getPeerCertificates();
        try {
            String san =
                    ((java.security.cert.X509Certificate) shown[0])
                            .getSubjectAlternativeNames()
                            .iterator()
                            .next()
                            .get(1)
                            .toString();
            peers.add(SpiffeId.parse(san).orElseThrow().uri());
        } catch (java.security.cert.CertificateParsingException e) {
            throw new IOException(e);
        }
        certify(
                exchange,
                codec.read(exchange.getRequestBody().readAllBytes(), RenewalRequest.class)
                        .csrPem());
    }

    private void certify(HttpExchange exchange, String csrPem) throws IOException {
        if (failures > 0) {
            failures--;
            answer(exchange, 503, "not now");
            return;
        }
        IssuedCertificate issued =
                new IssuedCertificate(
                        authority.certify(csrPem, issueFrom.get(), life),
                        authority.bundle(),
                        List.of(address()));
        answer(exchange, 200, new String(codec.write(issued), StandardCharsets.UTF_8));
    }

    private void instance(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.endsWith("/stream")) {
            stream(exchange);
            return;
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (path.endsWith("/subscription")) {
            subscriptions.add(codec.read(body, Subscription.class));
        } else if (path.endsWith("/acks")) {
            acks.add(codec.read(body, Ack.class));
        } else if (path.endsWith("/traffic")) {
            if (failures > 0) {
                failures--;
                answer(exchange, 409, "unknown edge");
                return;
            }
            traffic.add(codec.read(body, TrafficReport.class));
        } else {
            registrations.add(codec.read(body, Registration.class));
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private void stream(HttpExchange exchange) throws IOException {
        BlockingQueue<byte[]> mine = new LinkedBlockingQueue<>();
        lines = mine;
        streams.add(Instant.now());
        exchange.getResponseHeaders().add("content-type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            for (byte[] line = mine.take(); line != END; line = mine.take()) {
                out.write(line);
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        endStream();
        server.stop(0);
    }
}
