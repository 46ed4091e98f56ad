/**
 * The SPIFFE Workload API on a Unix domain socket: what the proxy has of identity, for its own
 * workload's processes. Nothing of traffic, and nothing that issues.
 */
@NullMarked
package io.weft.dataplane.workloadapi;

import org.jspecify.annotations.NullMarked;
