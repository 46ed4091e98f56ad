package io.weft.benchmarks.engine;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.weft.engine.MeshClock;
import io.weft.engine.SampleRequest;
import io.weft.engine.jwt.JwtAuthenticator;
import io.weft.engine.jwt.JwtOutcome;
import io.weft.model.authz.JwtRule;
import io.weft.model.resource.JwksSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Verifying a token that has been seen before, and ones that have not. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenBenchmark {

    private static final String ISSUER = "https://issuer.bench";
    // More than the cache of verified tokens holds, so that none is found there when its turn
    // comes.
    private static final int TOKENS = 5_000;

    private final JwtRule rule =
            new JwtRule(
                    ISSUER,
                    List.of(),
                    "jwks",
                    List.of(),
                    List.of(),
                    List.of(),
                    true,
                    null,
                    List.of(),
                    List.of(),
                    Samples.ORIGIN);
    private JwtAuthenticator authenticator =
            JwtAuthenticator.compile(List.of(), name -> null, MeshClock.system());
    private SampleRequest seen = Samples.request("backend.bench", "/");
    private SampleRequest[] ecUnseen = {};
    private SampleRequest[] rsaUnseen = {};
    private int next;

    @Setup
    public void sign() throws JOSEException {
        RSAKey rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
        ECKey ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        JwksSet keys =
                new JwksSet("jwks", new JWKSet(List.of(rsa, ec)).toPublicJWKSet().toString());
        authenticator = JwtAuthenticator.compile(List.of(rule), name -> keys, MeshClock.system());
        seen = request(ec(ec, -1));
        ecUnseen = new SampleRequest[TOKENS];
        rsaUnseen = new SampleRequest[TOKENS];
        for (int i = 0; i < TOKENS; i++) {
            ecUnseen[i] = request(ec(ec, i));
        }
        for (int i = 0; i < rsaUnseen.length; i++) {
            rsaUnseen[i] = request(rsa(rsa, i));
        }
    }

    private static SampleRequest request(String token) {
        return SampleRequest.http("GET", "/items/42")
                .authority("backend.bench")
                .header("authorization", "Bearer " + token)
                .build();
    }

    private static Payload claims(int n) {
        long expires = System.currentTimeMillis() / 1000 + 3600;
        return new Payload(
                "{\"iss\":\""
                        + ISSUER
                        + "\",\"sub\":\"user-"
                        + n
                        + "\",\"exp\":"
                        + expires
                        + ",\"scope\":\"read write\",\"groups\":[\"a\",\"b\"]}");
    }

    private static String ec(ECKey key, int n) throws JOSEException {
        JWSObject token =
                new JWSObject(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec").build(), claims(n));
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static String rsa(RSAKey key, int n) throws JOSEException {
        JWSObject token =
                new JWSObject(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa").build(), claims(n));
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static JwtOutcome valid(JwtOutcome outcome) {
        if (outcome instanceof JwtOutcome.Valid) {
            return outcome;
        }
        throw new IllegalStateException("token: " + outcome + " (expected: valid)");
    }

    @Benchmark
    public JwtOutcome cached() {
        return valid(authenticator.authenticate(seen));
    }

    @Benchmark
    public JwtOutcome es256() {
        return valid(authenticator.authenticate(ecUnseen[next++ % ecUnseen.length]));
    }

    @Benchmark
    public JwtOutcome rs256() {
        return valid(authenticator.authenticate(rsaUnseen[next++ % rsaUnseen.length]));
    }
}
