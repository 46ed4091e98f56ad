/**
 * The two doors for workloads: join (TLS) and the mesh API with its stream (mTLS). Decides nothing
 * about policy.
 */
@NullMarked
package io.weft.policy.stream;

import org.jspecify.annotations.NullMarked;
