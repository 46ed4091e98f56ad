package io.weft.model.resource;

/**
 * The public keys of an issuer, fetched by the control plane (RFC 7517).
 *
 * @param json the JWK set; an empty set when it could never be fetched: then no token verifies
 */
public record JwksSet(String name, String json) implements MeshResource {

    @Override
    public String key() {
        return ResourceKeys.jwks(name);
    }
}
