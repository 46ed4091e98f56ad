package io.weft.model.resource;

import io.weft.model.Secret;

/**
 * A certificate that a gateway shows, or a set of roots it trusts.
 *
 * @param name {@code namespace/name} of the credential
 * @param chainPem leaf first; empty when only roots are given
 * @param keyPem PKCS#8; empty when only roots are given
 * @param caPem roots for client certificates; empty for none
 */
public record Certificate(String name, String chainPem, Secret keyPem, String caPem)
        implements MeshResource {

    @Override
    public String key() {
        return ResourceKeys.certificate(name);
    }
}
