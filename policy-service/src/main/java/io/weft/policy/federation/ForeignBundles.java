package io.weft.policy.federation;

import io.weft.policy.ca.Pem;
import io.weft.policy.ca.SvidTrustManager;
import io.weft.policy.ca.SvidVerifier;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundles of other trust domains. A bundle that cannot be had leaves the last good one in
 * force, also over a restart. Thread-safe.
 */
public final class ForeignBundles {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignBundles.class);
    private static final int MAX_BYTES = 256 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

    private final List<ForeignDomain> domains;
    private final StateDirectory state;
    private final InstantSource clock;
    private final SSLContext web;
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final Map<String, Instant> due = new ConcurrentHashMap<>();
    private final Map<String, String> problems = new ConcurrentHashMap<>();

    /**
     * @param web what vouches for endpoints with web certificates
     */
    public ForeignBundles(
            List<ForeignDomain> domains,
            StateDirectory state,
            InstantSource clock,
            SSLContext web) {
        this.domains = List.copyOf(domains);
        this.state = state;
        this.clock = clock;
        this.web = web;
        domains.forEach(this::restore);
    }

    private void restore(ForeignDomain domain) {
        try {
            state.read(file(domain))
                    .map(SpiffeBundle::parse)
                    .ifPresent(bundle -> held.put(domain.trustDomain(), Held.of(bundle)));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{}: passed over: {}", state.path(file(domain)), e.getMessage());
        }
    }

    private static String file(ForeignDomain domain) {
        return "foreign-bundle-" + domain.trustDomain() + ".json";
    }

    /** Fetches what is due; blocks. True when a bundle has changed. */
    public boolean refresh() {
        boolean changed = false;
        for (ForeignDomain domain : domains) {
            Instant now = clock.instant();
            if (now.isBefore(due.getOrDefault(domain.trustDomain(), Instant.MIN))) {
                continue;
            }
            try {
                SpiffeBundle bundle = load(domain);
                due.put(
                        domain.trustDomain(),
                        now.plus(domain.url() == null ? LOOK : bundle.refreshHint()));
                problems.remove(domain.trustDomain());
                changed |= take(domain, bundle);
            } catch (IOException | IllegalArgumentException e) {
                due.put(domain.trustDomain(), now.plus(AFTER_FAILURE));
                report(domain, String.valueOf(e.getMessage()));
            }
        }
        return changed;
    }

    private boolean take(ForeignDomain domain, SpiffeBundle bundle) throws IOException {
        Held before = held.get(domain.trustDomain());
        if (before != null
                && before.bundle().roots().equals(bundle.roots())
                && before.bundle().tokenKeys().equals(bundle.tokenKeys())) {
            return false;
        }
        held.put(domain.trustDomain(), Held.of(bundle));
        state.write(file(domain), bundle.toJson());
        LOG.info("federation with {}: {} root(s)", domain.trustDomain(), bundle.roots().size());
        return true;
    }

    private void report(ForeignDomain domain, String reason) {
        if (!reason.equals(problems.put(domain.trustDomain(), reason))) {
            LOG.warn(
                    "federation with {}: {}; {}",
                    domain.trustDomain(),
                    reason,
                    held.containsKey(domain.trustDomain())
                            ? "the last good bundle stays in force"
                            : "nobody of it is trusted yet");
        }
    }

    private SpiffeBundle load(ForeignDomain domain) throws IOException {
        if (domain.url() == null) {
            return fromFile(domain);
        }
        try (HttpClient client =
                HttpClient.newBuilder()
                        .sslContext(domain.endpointId() == null ? web : spiffe(domain))
                        .connectTimeout(TIMEOUT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build()) {
            HttpResponse<InputStream> answer =
                    client.send(
                            HttpRequest.newBuilder(domain.url()).timeout(TIMEOUT).build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] bytes = body.readNBytes(MAX_BYTES + 1);
                if (answer.statusCode() != 200 || bytes.length > MAX_BYTES) {
                    throw new IOException(
                            domain.url()
                                    + ": answered "
                                    + answer.statusCode()
                                    + " (expected: 200, at most 256 KiB)");
                }
                return SpiffeBundle.parse(new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static SpiffeBundle fromFile(ForeignDomain domain) throws IOException {
        String text = Files.readString(java.util.Objects.requireNonNull(domain.file()));
        return text.stripLeading().startsWith("{")
                ? SpiffeBundle.parse(text)
                : new SpiffeBundle(
                        Pem.readCertificates(text), List.of(), 0, SpiffeBundle.DEFAULT_REFRESH);
    }

    /** The endpoint proves itself by an SVID of its own domain, with the bundle known so far. */
    private SSLContext spiffe(ForeignDomain domain) throws IOException {
        Held known = held.get(domain.trustDomain());
        List<X509Certificate> roots =
                known == null ? fromFile(domain).roots() : known.bundle().roots();
        SvidVerifier verifier = new SvidVerifier(domain.trustDomain(), roots, clock);
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    null,
                    new TrustManager[] {
                        new SvidTrustManager(chain -> {
                            if (!verifier.verify(chain).uri().equals(domain.endpointId())) {
                                throw new CertificateException(
                                        "endpoint (expected: " + domain.endpointId() + ")");
                            }
                        })
                    },
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS towards " + domain.url(), e);
        }
    }

    /** The bundles in force, PEM by trust domain. */
    public Map<String, String> pem() {
        Map<String, String> all = new TreeMap<>();
        held.forEach((domain, each) -> all.put(domain, each.pem()));
        return all;
    }

    /** Keys of JWT-SVIDs in force, JWK sets by trust domain. */
    public Map<String, String> tokenKeys() {
        Map<String, String> all = new TreeMap<>();
        held.forEach((domain, each) -> {
            if (!each.bundle().tokenKeys().isEmpty()) {
                all.put(domain, SpiffeBundle.jwks(each.bundle().tokenKeys()));
            }
        });
        return all;
    }

    /** How each of them does. */
    public List<Status> status() {
        List<Status> all = new ArrayList<>();
        for (ForeignDomain each : domains) {
            Held known = held.get(each.trustDomain());
            all.add(
                    new Status(
                            each.trustDomain(),
                            known == null ? 0 : known.bundle().roots().size(),
                            problems.getOrDefault(each.trustDomain(), "")));
        }
        return all;
    }

    /**
     * A federated domain.
     *
     * @param problem why its bundle is not fresh; empty when all is well
     */
    public record Status(String trustDomain, int roots, String problem) {}

    private record Held(SpiffeBundle bundle, String pem) {
        static Held of(SpiffeBundle bundle) {
            return new Held(bundle, Pem.certificates(bundle.roots()));
        }
    }
}
