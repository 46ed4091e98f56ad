/**
 * The control plane's live picture of the mesh: what a sidecar counts per peer, the single requests
 * it tells of, and the report that carries both.
 */
@NullMarked
package io.weft.dataplane.telemetry.traffic;

import org.jspecify.annotations.NullMarked;
