/**
 * The core: a bundle compiled and in force, the catalogue, one session for each sidecar, and who
 * has acknowledged what.
 */
@NullMarked
package io.weft.policy.control;

import org.jspecify.annotations.NullMarked;
