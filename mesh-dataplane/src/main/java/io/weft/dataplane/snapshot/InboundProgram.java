package io.weft.dataplane.snapshot;

import io.weft.dataplane.http.RoutePlan;
import io.weft.dataplane.upstream.FixedTarget;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.jwt.JwtAuthenticator;
import io.weft.model.AppProtocol;
import io.weft.model.listener.InboundPort;

/**
 * What guards one workload port, compiled.
 *
 * @param protocol what the application speaks
 * @param plan filters, then the application
 */
public record InboundProgram(
        InboundPort port,
        AppProtocol protocol,
        JwtAuthenticator jwt,
        AuthzEngine authz,
        FixedTarget application,
        RoutePlan plan) {}
