package io.weft.dataplane.listener;

import io.weft.dataplane.http.HttpServices;
import io.weft.dataplane.http.RouteRunner;
import io.weft.dataplane.identity.TlsContexts;
import io.weft.dataplane.lane.LoginGate;
import io.weft.dataplane.snapshot.LiveConfig;
import io.weft.engine.authz.Permit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the listeners of one data plane share; made once.
 *
 * @param own permit for what the own application sends: who may send is the receiver's question
 * @param login where people log in at a gateway; null nowhere
 */
public record Proxy(
        HttpServices services,
        LiveConfig config,
        TlsContexts tls,
        RouteRunner routes,
        Connections connections,
        Duration routeWait,
        Permit own,
        @Nullable LoginGate login) {}
