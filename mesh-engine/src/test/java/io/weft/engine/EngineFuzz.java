package io.weft.engine;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.weft.engine.jwt.JwtSvids;
import io.weft.engine.path.NaivePaths;
import io.weft.engine.path.PathNormalizer;
import io.weft.model.listener.PathNormalization;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * What Jazzer calls with bytes of its own making (profile {@code fuzz}): paths are normalised as by
 * a second implementation, and no token verifies that was not signed.
 */
public final class EngineFuzz {

    private static final ECKey KEY = key();
    private static final JwtSvids TOKENS =
            new JwtSvids(
                    () ->
                            Map.of(
                                    "cluster.local",
                                    "{\"keys\":[" + KEY.toPublicJWK().toJSONString() + "]}"),
                    MeshClock.system());

    private EngineFuzz() {}

    /** Jazzer's entry; the first byte says what is fuzzed. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
        switch (bytes[0] & 3) {
            case 0 -> path(rest);
            case 1 -> token(new String(rest, StandardCharsets.ISO_8859_1));
            case 2 -> parts(rest);
            default -> signed(rest);
        }
    }

    private static void path(byte[] bytes) {
        String raw = "/" + new String(bytes, StandardCharsets.ISO_8859_1);
        for (PathNormalization mode : PathNormalization.values()) {
            String normal = PathNormalizer.normalize(raw, mode);
            if (normal == null || mode == PathNormalization.NONE) {
                continue;
            }
            require(normal.equals(NaivePaths.normalize(raw, mode)), mode + " of " + raw);
            require(normal.equals(PathNormalizer.normalize(normal, mode)), "twice: " + raw);
            require(normal.startsWith("/"), "no slash first: " + raw);
            require(
                    !(normal + "/").contains("/../") && !(normal + "/").contains("/./"),
                    "dot segments in " + normal + " of " + raw);
        }
    }

    private static void token(String token) {
        require(verified(token) == null, "verified although nobody has signed it: " + token);
    }

    /** Header and claims that can be read, with a signature that is none. */
    private static void parts(byte[] bytes) {
        int middle = bytes.length / 2;
        token(
                base64(Arrays.copyOf(bytes, middle))
                        + "."
                        + base64(Arrays.copyOfRange(bytes, middle, bytes.length))
                        + "."
                        + base64(new byte[64]));
    }

    /** Claims of anybody's making, signed by the right key: nothing may be thrown on their way. */
    private static void signed(byte[] claims) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(KEY.getKeyID()).build();
        String input = header.toBase64URL() + "." + base64(claims);
        try {
            String token =
                    input
                            + "."
                            + new ECDSASigner(KEY)
                                    .sign(header, input.getBytes(StandardCharsets.US_ASCII));
            JwtSvids.Verified verified = verified(token);
            if (verified != null) {
                Object subject = verified.claims().get("sub");
                require(verified.subject().equals(subject), "not its subject: " + subject);
                require(verified.claims().containsKey("exp"), "without an end");
            }
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JwtSvids.@org.jspecify.annotations.Nullable Verified verified(String token) {
        try {
            return TOKENS.verify(token, "audience");
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
