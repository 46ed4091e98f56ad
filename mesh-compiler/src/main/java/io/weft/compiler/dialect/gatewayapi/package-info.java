/**
 * The Kubernetes Gateway API: gateways, routes at gateways and at Services (GAMMA), their status.
 * Knows no other dialect.
 */
@NullMarked
package io.weft.compiler.dialect.gatewayapi;

import org.jspecify.annotations.NullMarked;
