package io.weft.model.listener;

import io.weft.model.AppProtocol;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.JwtRule;
import io.weft.model.route.Filter;
import java.util.List;

/**
 * A port of the workload, as its sidecar guards it.
 *
 * @param port the workload's own port
 * @param service host name of the service that owns the port, for metrics; empty if none
 * @param mtlsOrigin what set the mode
 * @param filters run between authorisation and the application
 * @param applicationPort where the application listens instead of {@code port}; 0 leaves it to what
 *     the workload itself declares
 */
public record InboundPort(
        int port,
        String name,
        AppProtocol protocol,
        String service,
        MtlsMode mtls,
        Origin mtlsOrigin,
        List<JwtRule> jwt,
        AuthzProgram authz,
        List<Filter> filters,
        int applicationPort) {

    public InboundPort {
        jwt = List.copyOf(jwt);
        filters = List.copyOf(filters);
    }

    /** A port behind which the application listens where the workload says. */
    public InboundPort(
            int port,
            String name,
            AppProtocol protocol,
            String service,
            MtlsMode mtls,
            Origin mtlsOrigin,
            List<JwtRule> jwt,
            AuthzProgram authz,
            List<Filter> filters) {
        this(port, name, protocol, service, mtls, mtlsOrigin, jwt, authz, filters, 0);
    }
}
