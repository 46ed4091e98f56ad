package io.weft.model.cluster;

/** The version of the PROXY header that connections to an endpoint begin with. */
public enum ProxyProtocol {
    V1,
    V2
}
