package io.weft.dataplane.admin;

/** Which paths a port offers; Istio has them on ports of their own. */
public enum AdminSurface {
    /** Everything; only on loopback (15000). */
    ADMIN,
    /** {@code /healthz/ready} alone (15021). */
    HEALTH,
    /** {@code /stats/prometheus}, and the same as {@code /metrics}, alone (15090). */
    METRICS
}
