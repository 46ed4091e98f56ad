package io.weft.compiler.dialect;

import io.weft.compiler.catalog.MeshService;
import io.weft.model.AppProtocol;
import org.jspecify.annotations.Nullable;

/**
 * A destination for which a client wants routes.
 *
 * @param host fully qualified host name
 * @param port as the client calls it
 * @param service null when no catalogue knows the host
 */
public record OutboundView(
        WorkloadView client,
        String host,
        int port,
        AppProtocol protocol,
        @Nullable MeshService service) {}
