package io.weft.login;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys that seal cookies: JWE (RFC 7516), {@code dir} with A256GCM, which encrypts and
 * authenticates in one. The first seals, all of them open, so that keys can be replaced.
 * Thread-safe.
 */
public final class CookieKeys {

    private static final int BYTES = 32;

    private final List<Key> keys;

    private record Key(String id, byte[] secret) {

        static Key of(byte[] secret) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret);
                return new Key(
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(java.util.Arrays.copyOf(hash, 6)),
                        secret);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a JDK has SHA-256", e);
            }
        }

        @Override
        public String toString() {
            return "Key[" + id + "]";
        }
    }

    private CookieKeys(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /** One key that lives as long as the process. */
    public static CookieKeys random() {
        return new CookieKeys(List.of(Key.of(newSecret())));
    }

    /**
     * Keys of a file: a line each, 32 bytes in Base64, the sealing one first.
     *
     * @throws IllegalArgumentException naming the file and what is wrong; never the key
     */
    public static CookieKeys read(Path file) {
        try {
            return parse(file, Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "login cookie keys: " + file + " (expected: a readable file): " + e, e);
        }
    }

    /** The same; a file that is not there is made, readable by the owner only. */
    public static CookieKeys readOrMake(Path file) {
        try {
            return parse(file, Files.readString(file));
        } catch (NoSuchFileException e) {
            return make(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "login cookie keys: " + file + " (expected: a readable file): " + e, e);
        }
    }

    private static CookieKeys make(Path file) {
        FileAttribute<?> owner =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            Path absolute = file.toAbsolutePath();
            Files.createDirectories(absolute.getParent());
            Path whole = Files.createTempFile(absolute.getParent(), ".cookie", ".key", owner);
            try {
                Files.writeString(whole, Base64.getEncoder().encodeToString(newSecret()) + "\n");
                Files.move(whole, absolute, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException e) {
                Files.delete(whole);
            }
            return read(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "login cookie keys: " + file + " (expected: a place to write): " + e, e);
        }
    }

    private static CookieKeys parse(Path file, String text) {
        List<Key> keys = new ArrayList<>();
        for (String line : text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
            byte[] secret;
            try {
                secret = Base64.getDecoder().decode(line);
            } catch (IllegalArgumentException e) {
                secret = new byte[0];
            }
            if (secret.length != BYTES) {
                throw new IllegalArgumentException(
                        "login cookie keys: line "
                                + (keys.size() + 1)
                                + " of "
                                + file
                                + " (expected: 32 bytes in Base64, as openssl rand -base64 32 makes"
                                + " them)");
            }
            keys.add(Key.of(secret));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "login cookie keys: " + file + " is empty (expected: a key a line)");
        }
        return new CookieKeys(keys);
    }

    private static byte[] newSecret() {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    String seal(String text) {
        Key key = keys.getFirst();
        JWEHeader header =
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                        .keyID(key.id())
                        .build();
        JWEObject sealed = new JWEObject(header, new Payload(text));
        try {
            sealed.encrypt(new DirectEncrypter(key.secret()));
        } catch (JOSEException e) {
            throw new IllegalStateException("a JDK has AES-GCM", e);
        }
        return sealed.serialize();
    }

    /** What was sealed with one of the keys; null for anything else. */
    @Nullable String open(String sealed) {
        try {
            JWEObject object = JWEObject.parse(sealed);
            JWEHeader header = object.getHeader();
            if (!JWEAlgorithm.DIR.equals(header.getAlgorithm())
                    || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
                    || header.getCompressionAlgorithm() != null) {
                return null;
            }
            for (Key key : keys) {
                if (key.id().equals(header.getKeyID())) {
                    object.decrypt(new DirectDecrypter(key.secret()));
                    return object.getPayload().toString();
                }
            }
            return null;
        } catch (ParseException | JOSEException | RuntimeException e) {
            return null; // Whatever a parser makes of rubbish: it is not ours.
        }
    }
}
