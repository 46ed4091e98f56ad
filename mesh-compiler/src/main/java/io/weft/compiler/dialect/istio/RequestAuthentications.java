package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.model.authz.JwtRule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All RequestAuthentications; the rules that concern a workload add up. Immutable once made. */
final class RequestAuthentications {

    private static final int NAME_BYTES = 16;

    private record Policy(WorkloadSelection selection, List<JwtRule> rules) {}

    private final List<Policy> policies = new ArrayList<>();
    private final Map<String, String> inlineJwks = new TreeMap<>();
    private final Set<String> jwksUris = new TreeSet<>();

    /** Takes one; only while the dialect compiles. */
    void add(Field root, CompileContext context) {
        Field spec = root.get("spec");
        AuthorizationReader.refuseTargets(spec);
        List<JwtRule> rules = new ArrayList<>();
        for (Field rule : spec.get("jwtRules").items()) {
            rules.add(rule(rule));
        }
        policies.add(new Policy(WorkloadSelection.read(spec.get("selector"), context), rules));
    }

    private JwtRule rule(Field field) {
        String issuer = field.get("issuer").required();
        Field timeout = field.get("timeout");
        timeout.duration();
        timeout.unsupported(
                "the control plane fetches keys for all proxies, each time within 10 s");
        List<JwtRule.HeaderLocation> headers = new ArrayList<>();
        for (Field header : field.get("fromHeaders").items()) {
            headers.add(
                    new JwtRule.HeaderLocation(
                            header.get("name").required().toLowerCase(Locale.ROOT),
                            header.get("prefix").text("")));
        }
        List<JwtRule.ClaimToHeader> claims = new ArrayList<>();
        for (Field item : field.get("outputClaimToHeaders").items()) {
            claims.add(
                    new JwtRule.ClaimToHeader(
                            item.get("header").required().toLowerCase(Locale.ROOT),
                            List.of(item.get("claim").required().split("\\."))));
        }
        return new JwtRule(
                issuer,
                field.get("audiences").textItems(),
                keySet(field, issuer),
                headers,
                field.get("fromParams").textItems(),
                field.get("fromCookies").textItems(),
                field.get("forwardOriginalToken").bool(false),
                field.get("outputPayloadToHeader")
                        .text()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .orElse(null),
                claims,
                field.get("spaceDelimitedClaims").textItems(),
                field.origin());
    }

    private String keySet(Field field, String issuer) {
        String inline = field.get("jwks").text("");
        String uri = field.get("jwksUri").text("");
        Field old = field.get("jwks_uri");
        if (old.isPresent()) {
            old.warn(Code.LEGACY_FIELD, "read as jwksUri", "write jwksUri");
            uri = old.text("");
        }
        if (!inline.isEmpty() && !uri.isEmpty()) {
            field.error(Code.CONTRADICTION, "both jwks and jwksUri", "keep one of the two");
        }
        if (!inline.isEmpty()) {
            String name = "inline:" + hash(inline);
            inlineJwks.put(name, inline);
            return name;
        }
        if (uri.isEmpty()) {
            // The issuer's discovery document says where its keys are (OpenID Connect Discovery).
            uri = issuer.replaceFirst("/+$", "") + "/.well-known/openid-configuration";
        } else if (!uri.startsWith("https://") && !uri.startsWith("http://")) {
            field.get("jwksUri").reportValue(uri, "an http or https URI");
        }
        jwksUris.add(uri);
        return uri;
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

    List<JwtRule> rules(WorkloadView server) {
        return policies.stream()
                .filter(policy -> policy.selection().selects(server))
                .flatMap(policy -> policy.rules().stream())
                .toList();
    }

    Map<String, String> inlineJwks() {
        return inlineJwks;
    }

    Set<String> jwksUris() {
        return jwksUris;
    }
}
