package io.weft.model.listener;

/**
 * What a gateway does with X-Forwarded-Client-Cert.
 *
 * @see <a
 *     href="https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ForwardClientCertDetails">Istio's
 *     description</a>
 */
public enum ForwardClientCert {
    /** The header goes no further. */
    SANITIZE,
    /** What a client with a certificate sends is passed on as it is. */
    FORWARD_ONLY,
    /** An element about a client with a certificate is added to what it sends. */
    APPEND_FORWARD,
    /** The header tells of the client's certificate alone. */
    SANITIZE_SET,
    /** What anybody sends is passed on as it is. */
    ALWAYS_FORWARD_ONLY
}
