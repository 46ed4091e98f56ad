package io.weft.compiler.dialect;

import io.weft.model.AppProtocol;

/**
 * What a dialect says of one of a workload's own ports.
 *
 * @param protocol what is spoken there; AUTO leaves it to the workload and its services
 * @param applicationPort where the application listens; 0 leaves it to the workload
 */
public record InboundPlan(AppProtocol protocol, int applicationPort) {}
