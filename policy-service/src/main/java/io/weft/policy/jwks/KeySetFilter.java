package io.weft.policy.jwks;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What sidecars get of a key set (RFC 7517): public keys only. Symmetric keys are dropped, so that
 * nobody can sign with a key that the mesh distributes; private members are dropped for the same.
 */
final class KeySetFilter {

    private static final int MAX_KEYS = 100;
    private static final Set<String> PUBLIC_TYPES = Set.of("RSA", "EC", "OKP");
    private static final Set<String> PRIVATE_MEMBERS =
            Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private final JsonMapper mapper = JsonMapper.shared();

    /**
     * @throws IllegalArgumentException when the text is no key set
     */
    String publicKeys(String json) {
        JsonNode read;
        try {
            read = mapper.readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("key set: not JSON", e);
        }
        if (!(read.get("keys") instanceof ArrayNode keys)) {
            throw new IllegalArgumentException("key set: no 'keys' (expected: RFC 7517)");
        }
        if (keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException(
                    "key set: " + keys.size() + " keys (expected: at most " + MAX_KEYS + ")");
        }
        ObjectNode kept = mapper.createObjectNode();
        ArrayNode keptKeys = kept.putArray("keys");
        for (JsonNode key : keys) {
            JsonNode type = key.get("kty");
            if (key instanceof ObjectNode object
                    && type != null
                    && type.isString()
                    && PUBLIC_TYPES.contains(type.stringValue())) {
                keptKeys.add(object.without(PRIVATE_MEMBERS));
            }
        }
        return mapper.writeValueAsString(kept);
    }
}
