package io.weft.dataplane.identity;

import io.weft.engine.MeshClock;
import io.weft.model.SpiffeId;
import io.weft.model.wire.IssuedCertificate;
import io.weft.model.wire.JoinRequest;
import io.weft.model.wire.MeshCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * Gets certificates from the control plane: the first one with a token, later ones with the one
 * held. Always over TLS with the control plane's identity checked. Blocks; one try for each address
 * in each call.
 */
final class JoinClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int MAX_ANSWER = 1 << 20;
    private static final int MAX_REASON = 500;

    private final MeshClock clock;
    private final MeshCodec codec = new MeshCodec();

    JoinClient(MeshClock clock) {
        this.clock = clock;
    }

    private record RenewalRequest(String csrPem) {}

    /** The first certificate, for a new key. */
    SvidStore.Held join(JoinSettings settings) throws JoinException {
        return join(settings, Map.of());
    }

    /**
     * As {@link #join(JoinSettings)}, where bundles were had before: the pinned root may have been
     * replaced in the meantime.
     */
    SvidStore.Held join(JoinSettings settings, Map<String, String> known) throws JoinException {
        SpiffeId id = settings.identity();
        String roots = settings.caPem() + "\n" + known.getOrDefault(id.trustDomain(), "");
        TrustBundles pinned = TrustBundles.parse(Map.of(id.trustDomain(), roots));
        SSLContext tls = ControlPlaneTls.client(id.trustDomain(), null, () -> pinned, clock);
        KeyPair keys = Keys.generate();
        byte[] body;
        try {
            body =
                    codec.write(
                            new JoinRequest(
                                    settings.token().get(),
                                    id.namespace(),
                                    id.serviceAccount(),
                                    Keys.certificationRequest(keys, id)));
        } catch (java.io.UncheckedIOException e) {
            throw new JoinException("join as " + id + ": " + e.getMessage(), e);
        }
        return request("join", "/v1/join", settings.addresses(), tls, body, keys, id);
    }

    /** Another certificate for the same identity, for a new key. */
    SvidStore.Held renew(SvidStore.Held held, SSLContext tls) throws JoinException {
        SpiffeId id = held.svid().id();
        KeyPair keys = Keys.generate();
        byte[] body = codec.write(new RenewalRequest(Keys.certificationRequest(keys, id)));
        return request("renewal", "/v1/certificates", held.controlPlane(), tls, body, keys, id);
    }

    private SvidStore.Held request(
            String what,
            String path,
            List<String> addresses,
            SSLContext tls,
            byte[] body,
            KeyPair keys,
            SpiffeId id)
            throws JoinException {
        JoinException last =
                new JoinException(what + " as " + id + ": no address of a control plane", false);
        try (HttpClient client =
                HttpClient.newBuilder()
                        .sslContext(tls)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build()) {
            for (String address : addresses) {
                try {
                    return post(
                            client,
                            what + " as " + id + " at " + address,
                            address,
                            path,
                            body,
                            keys,
                            id);
                } catch (JoinException e) {
                    last = e;
                }
            }
        }
        throw last;
    }

    private SvidStore.Held post(
            HttpClient client,
            String what,
            String address,
            String path,
            byte[] body,
            KeyPair keys,
            SpiffeId id)
            throws JoinException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("https://" + address + path))
                            .timeout(TIMEOUT)
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build();
            HttpResponse<InputStream> response =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            byte[] answer;
            try (InputStream in = response.body()) {
                answer = in.readNBytes(MAX_ANSWER + 1);
            }
            if (response.statusCode() != 200) {
                String reason = new String(answer, StandardCharsets.UTF_8);
                throw new JoinException(
                        what + ": refused with " + response.statusCode() + ": " + brief(reason),
                        response.statusCode() / 100 == 4 && response.statusCode() != 429);
            }
            if (answer.length > MAX_ANSWER) {
                throw new JoinException(what + ": answer of more than 1 MiB", false);
            }
            SvidStore.Held held =
                    SvidStore.Held.of(
                            keys.getPrivate(), codec.read(answer, IssuedCertificate.class));
            if (!held.svid().id().equals(id)) {
                throw new JoinException(what + ": certificate is for " + held.svid().id(), false);
            }
            return held;
        } catch (IOException | IllegalArgumentException | NullPointerException e) {
            throw new JoinException(what + ": " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JoinException(what + ": interrupted", e);
        }
    }

    private static String brief(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + "…";
    }

    /** The deepest message: TLS failures hide the reason of a refused certificate below others. */
    private static String reason(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return message == null ? deepest.getClass().getSimpleName() : brief(message);
    }
}
