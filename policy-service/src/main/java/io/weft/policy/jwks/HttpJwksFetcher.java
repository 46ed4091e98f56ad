package io.weft.policy.jwks;

import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContextBuilder;
import io.weft.policy.ca.Pem;
import io.weft.policy.state.StartFailure;
import io.weft.policy.state.StateDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/** Fetches over HTTP(S): no redirects, at most 256 KiB, at most ten seconds. */
public final class HttpJwksFetcher implements JwksFetcher {

    private static final int MAX_BYTES = 256 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client;

    /**
     * @param loops for connections
     * @param blocking for looking up names
     * @throws StartFailure when the extra roots cannot be read
     */
    public HttpJwksFetcher(JwksSettings settings, EventLoopGroup loops, Executor blocking) {
        TrustManagerFactory trust = trust(settings.caFile());
        Http11SslContextSpec tls =
                Http11SslContextSpec.forClient()
                        .configure((SslContextBuilder builder) -> builder.trustManager(trust));
        // Keys are fetched a few times an hour: a pool of connections would only grow old.
        this.client =
                HttpClient.create(ConnectionProvider.newConnection())
                        .runOn(loops)
                        .resolver(new GuardedResolver(settings.hosts(), blocking))
                        .responseTimeout(TIMEOUT)
                        .followRedirect(false)
                        .secure(spec -> spec.sslContext(tls));
    }

    @Override
    public CompletionStage<String> fetch(URI uri) {
        boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getUserInfo() != null) {
            return CompletableFuture.failedStage(
                    new IOException("jwksUri: '" + uri + "' (expected: https://host/path)"));
        }
        return client.get()
                .uri(uri)
                .response(HttpJwksFetcher::body)
                .next()
                .timeout(TIMEOUT)
                .toFuture();
    }

    private static Mono<String> body(HttpClientResponse response, ByteBufFlux content) {
        if (response.status().code() != 200) {
            return Mono.error(new IOException("answered " + response.status().code()));
        }
        return content.asByteArray()
                .reduceWith(ByteArrayOutputStream::new, HttpJwksFetcher::append)
                .map(bytes -> bytes.toString(StandardCharsets.UTF_8));
    }

    private static ByteArrayOutputStream append(ByteArrayOutputStream sum, byte[] next) {
        if (sum.size() + next.length > MAX_BYTES) {
            throw new IllegalStateException("more than " + MAX_BYTES + " bytes");
        }
        sum.writeBytes(next);
        return sum;
    }

    private static TrustManagerFactory trust(@Nullable Path caFile) {
        try {
            TrustManagerFactory platform = factory(null);
            if (caFile == null) {
                return platform;
            }
            KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
            roots.load(null, null);
            int number = 0;
            for (X509Certificate each : platformRoots(platform)) {
                roots.setCertificateEntry("platform-" + number++, each);
            }
            for (X509Certificate each : Pem.readCertificates(Files.readString(caFile))) {
                roots.setCertificateEntry("extra-" + number++, each);
            }
            return factory(roots);
        } catch (IOException e) {
            throw new StartFailure(
                    "JWKS roots: " + caFile + " cannot be read (" + StateDirectory.reason(e) + ")",
                    e);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new StartFailure(
                    "JWKS roots: " + caFile + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static X509Certificate[] platformRoots(TrustManagerFactory platform) {
        return Arrays.stream(platform.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(manager -> ((X509TrustManager) manager).getAcceptedIssuers())
                .findFirst()
                .orElseGet(() -> new X509Certificate[0]);
    }

    private static TrustManagerFactory factory(@Nullable KeyStore roots)
            throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(roots);
        return factory;
    }
}
