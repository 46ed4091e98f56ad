/**
 * How a workload without a certificate proves who it is: one-time tokens, or what the platform
 * vouches for.
 */
@NullMarked
package io.weft.policy.join;

import org.jspecify.annotations.NullMarked;
