/**
 * The live picture of the mesh, made from what sidecars report: who calls whom, how fast, how well,
 * and which line denied what. In memory, minutes long; Prometheus has the durable one.
 */
@NullMarked
package io.weft.policy.traffic;

import org.jspecify.annotations.NullMarked;
