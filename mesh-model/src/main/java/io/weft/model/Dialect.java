package io.weft.model;

/** The policy language in which a resource was written. */
public enum Dialect {
    ISTIO("Istio"),
    SMI("SMI"),
    LINKERD("Linkerd"),
    CONSUL("Consul"),
    GATEWAY_API("Gateway API"),
    KUBERNETES("Kubernetes"),
    /** Our own kinds, and defaults that nobody wrote down. */
    WEFT("Weft");

    private final String title;

    Dialect(String title) {
        this.title = title;
    }

    /** The name as its users write it. */
    public String title() {
        return title;
    }
}
