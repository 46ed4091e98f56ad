/**
 * The mesh of a lab: control plane, sidecars, gateways, applications, issuers and the check server,
 * all in this process on loopback. Knows no control API and sends no request itself.
 */
@NullMarked
package io.weft.testkit.lab.mesh;

import org.jspecify.annotations.NullMarked;
