/** The workload's SVID: joining, renewal, the TLS contexts made from it, and peer verification. */
@NullMarked
package io.weft.dataplane.identity;

import org.jspecify.annotations.NullMarked;
