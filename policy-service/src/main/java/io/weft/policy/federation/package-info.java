/**
 * Trust bundles in the SPIFFE format: ours for others, theirs for our workloads. Roots of one trust
 * domain are never taken for the identities of another.
 */
@NullMarked
package io.weft.policy.federation;

import org.jspecify.annotations.NullMarked;
