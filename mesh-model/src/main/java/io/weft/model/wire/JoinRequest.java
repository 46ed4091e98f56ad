package io.weft.model.wire;

import io.weft.model.Secret;

/**
 * A workload asks for its first certificate.
 *
 * @param token one-time join token, or projected ServiceAccount token
 * @param namespace and
 * @param serviceAccount the identity it claims; it must be the proven one
 * @param csrPem PKCS#10 (RFC 2986) with exactly one URI SAN, its SPIFFE ID
 */
public record JoinRequest(Secret token, String namespace, String serviceAccount, String csrPem) {}
