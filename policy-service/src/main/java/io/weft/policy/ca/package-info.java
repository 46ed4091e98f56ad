/**
 * The certificate authority: keys, X.509-SVIDs from CSRs, trust bundle, and the check of a peer's
 * SVID.
 */
@NullMarked
package io.weft.policy.ca;

import org.jspecify.annotations.NullMarked;
