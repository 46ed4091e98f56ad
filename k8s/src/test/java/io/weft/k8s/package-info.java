/**
 * Checks of the manifests and the compose file: against schemas, against each other, and against
 * the programs.
 */
@NullMarked
package io.weft.k8s;

import org.jspecify.annotations.NullMarked;
