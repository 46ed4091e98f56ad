package io.weft.compiler.dialect.kubernetes;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Secret;
import io.weft.model.resource.Certificate;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Secrets that a gateway may show: those with {@code tls.crt} and {@code tls.key}, or {@code
 * ca.crt}.
 */
final class SecretReader {

    private SecretReader() {}

    static Optional<Certificate> read(Field root) {
        RawResource resource = root.resource();
        String chain = value(root, "tls.crt", "cert");
        String key = value(root, "tls.key", "key");
        String roots = value(root, "ca.crt", "cacert");
        if (chain.isEmpty() && roots.isEmpty()) {
            return Optional.empty();
        }
        if (!key.isEmpty()) {
            root.warn(
                    Code.SECRET_IN_FILES,
                    "holds a private key that everyone who reads the repository has",
                    "give the key to the control plane outside Git");
        }
        return Optional.of(
                new Certificate(
                        resource.namespace() + "/" + resource.name(),
                        chain,
                        new Secret(key),
                        roots));
    }

    private static String value(Field root, String name, String otherName) {
        for (String key : new String[] {name, otherName}) {
            Optional<String> plain = root.get("stringData").get(key).text();
            if (plain.isPresent()) {
                return plain.get();
            }
            Field encoded = root.get("data").get(key);
            Optional<String> text = encoded.text();
            if (text.isPresent()) {
                return decode(encoded, text.get());
            }
        }
        return "";
    }

    private static String decode(Field field, String text) {
        try {
            return new String(Base64.getMimeDecoder().decode(text.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            field.error(
                    Code.INVALID_VALUE,
                    "not Base64 (expected: Base64 of PEM)",
                    "encode it, or use stringData");
            return "";
        }
    }
}
