package io.weft.model.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.weft.model.resource.MeshResource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON form of the model: stable (equal values give equal bytes), one line, without nulls.
 * Unknown members are ignored, so that an older sidecar can read a newer control plane.
 * Thread-safe.
 */
public final class MeshCodec {

    private static final int HASH_BYTES = 16;

    private final JsonMapper mapper =
            JsonMapper.builder()
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .changeDefaultPropertyInclusion(
                            value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .build();

    /** The UTF-8 bytes of one value, without a line end. */
    public byte[] write(Object value) {
        return mapper.writeValueAsBytes(value);
    }

    /** As {@link #write}, indented for people. */
    public String writePretty(Object value) {
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException when the bytes are not such a value
     */
    public <T> T read(byte[] json, Class<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    type.getSimpleName() + ": not readable: " + e.getOriginalMessage(), e);
        }
    }

    /** As {@link #read(byte[], Class)}. */
    public <T> T read(String json, Class<T> type) {
        return read(json.getBytes(StandardCharsets.UTF_8), type);
    }

    /** Content hash of a resource: 128 bits of SHA-256 over its JSON, in hex. */
    public String hash(MeshResource resource) {
        try {
            byte[] json = mapper.writerFor(MeshResource.class).writeValueAsBytes(resource);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
            return HexFormat.of().formatHex(Arrays.copyOf(digest, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
