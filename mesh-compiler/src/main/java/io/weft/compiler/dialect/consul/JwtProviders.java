package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.consul.intention.TokenRequirement;
import io.weft.compiler.yaml.Field;
import io.weft.model.authz.JwtRule;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All JWTProviders by name. Immutable once made. */
final class JwtProviders {

    private static final int NAME_BYTES = 16;

    private final Map<String, JwtRule> byName = new HashMap<>();
    private final Map<String, String> inlineJwks = new TreeMap<>();
    private final Set<String> jwksUris = new TreeSet<>();

    Map<String, String> inlineJwks() {
        return inlineJwks;
    }

    Set<String> jwksUris() {
        return jwksUris;
    }

    @Nullable JwtRule get(String name) {
        return byName.get(name);
    }

    void add(Field root) {
        Field spec = root.get("spec");
        List<JwtRule.HeaderLocation> headers = new ArrayList<>();
        List<String> params = new ArrayList<>();
        List<String> cookies = new ArrayList<>();
        boolean forward = false;
        for (Field location : spec.get("locations").items()) {
            Field header = location.get("header");
            if (header.isPresent()) {
                headers.add(
                        new JwtRule.HeaderLocation(
                                header.get("name").required().toLowerCase(Locale.ROOT),
                                prefix(header.get("valuePrefix").text(""))));
                forward |= header.get("forward").bool(false);
            }
            location.get("queryParam").ifPresent(q -> params.add(q.get("name").required()));
            location.get("cookie").ifPresent(c -> cookies.add(c.get("name").required()));
        }
        Field forwarding = spec.get("forwarding");
        String payload = forwarding.get("headerName").text("");
        forwarding.get("padForwardPayloadHeader").bool(false);
        if (spec.get("clockSkewSeconds").integer(0, Integer.MAX_VALUE, 0) > 0) {
            spec.get("clockSkewSeconds").unsupported("the mesh's own tolerance holds");
        }
        spec.get("cacheConfig").accept();
        byName.putIfAbsent(
                root.resource().name(),
                new JwtRule(
                        spec.get("issuer").required(),
                        spec.get("audiences").textItems(),
                        keySet(spec.get("jsonWebKeySet")),
                        headers,
                        params,
                        cookies,
                        forward,
                        payload.isEmpty() ? null : payload.toLowerCase(Locale.ROOT),
                        List.of(),
                        List.of(),
                        true,
                        root.origin()));
    }

    /** Consul sets a space after the prefix where there is none. */
    private static String prefix(String text) {
        return text.isEmpty() || text.endsWith(" ") ? text : text + " ";
    }

    private String keySet(Field set) {
        Field local = set.get("local");
        Field remote = set.get("remote");
        if (local.isPresent() == remote.isPresent()) {
            set.error(
                    local.isPresent() ? Code.CONTRADICTION : Code.MISSING_FIELD,
                    (local.isPresent() ? "both local and remote" : "neither local nor remote")
                            + " (expected: one)",
                    "say where the keys are: remote.uri, or local.jwks");
        }
        if (local.isPresent()) {
            return local(local);
        }
        Field uri = remote.get("uri");
        String text = remote.isPresent() ? uri.required() : "";
        if (!text.isEmpty() && !text.startsWith("https://") && !text.startsWith("http://")) {
            uri.reportValue(text, "an http or https URI");
        }
        for (String tuning :
                List.of(
                        "requestTimeoutMs",
                        "cacheDuration",
                        "fetchAsynchronously",
                        "retryPolicy",
                        "jwksCluster",
                        "useSNI")) {
            remote.get(tuning)
                    .unsupported("the control plane fetches keys, and keeps them up to date");
        }
        if (!text.isEmpty()) {
            jwksUris.add(text);
        }
        return text;
    }

    private String local(Field local) {
        Field jwks = local.get("jwks");
        Field file = local.get("filename");
        if (!file.text("").isEmpty()) {
            file.error(
                    Code.UNSUPPORTED_FIELD,
                    "files of a proxy are not read",
                    "put the keys into jwks, or use remote.uri");
            return "";
        }
        String text = jwks.required();
        if (!text.startsWith("{")) {
            try {
                text = new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                jwks.error(
                        Code.INVALID_VALUE,
                        "neither JSON nor base64 (expected: a JSON web key set, in base64)",
                        "encode the key set");
            }
        }
        String name = "inline:" + hash(text);
        inlineJwks.put(name, text);
        return name;
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Whether one of the tokens that are asked for has been verified; no such provider, no token.
     */
    Match match(TokenRequirement required) {
        List<Match> any = new ArrayList<>();
        for (TokenRequirement.Provider provider : required.providers()) {
            JwtRule rule = byName.get(provider.name());
            if (rule == null) {
                continue;
            }
            List<Match> all = new ArrayList<>();
            all.add(claim(List.of("iss"), rule.issuer(), rule));
            provider.claims().forEach(c -> all.add(claim(c.path(), c.value(), rule)));
            any.add(Match.allOf(all));
        }
        return Match.anyOf(any);
    }

    private static Match claim(List<String> path, String value, JwtRule rule) {
        return new Match.Claim(path, new StringMatch.Exact(value), rule.issuer());
    }
}
