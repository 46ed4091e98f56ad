/**
 * What the control plane asks of Kubernetes when it runs there: TokenReview, services and their
 * endpoints, Secrets of gateways. Inert elsewhere.
 */
@NullMarked
package io.weft.policy.kubernetes;

import org.jspecify.annotations.NullMarked;
