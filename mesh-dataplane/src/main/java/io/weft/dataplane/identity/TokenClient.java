package io.weft.dataplane.identity;

import io.weft.engine.MeshClock;
import io.weft.model.wire.IssuedToken;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.TokenRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gets JWT-SVIDs of the own identity from the control plane, over mTLS, and keeps each until half
 * of its life is over. Thread-safe; blocks.
 */
public final class TokenClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_ANSWER = 64 * 1024;
    private static final int MAX_REASON = 500;
    private static final int MAX_KEPT = 100;

    private final MeshTls tls;
    private final List<String> addresses;
    private final MeshClock clock;
    private final MeshCodec codec = new MeshCodec();
    private final Map<List<String>, IssuedToken> kept = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param addresses of the control plane's mTLS port, {@code host:port}; empty: there is none
     */
    public TokenClient(MeshTls tls, List<String> addresses, MeshClock clock) {
        this.tls = tls;
        this.addresses = List.copyOf(addresses);
        this.clock = clock;
    }

    /**
     * A token with at least half of its life before it.
     *
     * @throws JoinException when none is to be had, with the last reason
     */
    public IssuedToken fetch(List<String> audience) throws JoinException {
        synchronized (kept) {
            IssuedToken known = kept.get(audience);
            if (known != null && clock.now().isBefore(halfLife(known))) {
                return known;
            }
        }
        IssuedToken fresh = ask(audience);
        synchronized (kept) {
            kept.put(List.copyOf(audience), fresh);
            if (kept.size() > MAX_KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return fresh;
    }

    private static Instant halfLife(IssuedToken token) {
        Duration life = Duration.between(token.issuedAt(), token.expiresAt());
        return token.issuedAt().plus(life.dividedBy(2));
    }

    private IssuedToken ask(List<String> audience) throws JoinException {
        JoinException last = new JoinException("JWT-SVID: no address of a control plane", false);
        try (HttpClient client =
                HttpClient.newBuilder()
                        .sslContext(tls.controlPlaneClient())
                        .connectTimeout(CONNECT_TIMEOUT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build()) {
            for (String address : addresses) {
                try {
                    return post(client, address, audience);
                } catch (JoinException e) {
                    last = e;
                }
            }
        }
        throw last;
    }

    private IssuedToken post(HttpClient client, String address, List<String> audience)
            throws JoinException {
        String what = "JWT-SVID from " + address;
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("https://" + address + "/v1/jwt-svids"))
                            .timeout(TIMEOUT)
                            .header("content-type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofByteArray(
                                            codec.write(new TokenRequest(audience))))
                            .build();
            HttpResponse<InputStream> response =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            byte[] answer;
            try (InputStream in = response.body()) {
                answer = in.readNBytes(MAX_ANSWER);
            }
            if (response.statusCode() != 200) {
                String reason =
                        new String(answer, StandardCharsets.UTF_8)
                                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                                .strip();
                throw new JoinException(
                        what
                                + ": refused with "
                                + response.statusCode()
                                + ": "
                                + reason.substring(0, Math.min(reason.length(), MAX_REASON)),
                        response.statusCode() == 403 || response.statusCode() == 400);
            }
            return codec.read(answer, IssuedToken.class);
        } catch (IOException | IllegalArgumentException | NullPointerException e) {
            throw new JoinException(what + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JoinException(what + ": interrupted", e);
        }
    }
}
