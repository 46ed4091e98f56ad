package io.weft.model.resource;

/** The root certificates of one trust domain, PEM; several while roots are rotated. */
public record TrustBundle(String trustDomain, String rootsPem) implements MeshResource {

    @Override
    public String key() {
        return ResourceKeys.trust(trustDomain);
    }
}
