/**
 * Kubernetes' own kinds, read for the catalogue, and kinds of others that have no meaning for
 * routing. Knows no other dialect.
 */
@NullMarked
package io.weft.compiler.dialect.kubernetes;

import org.jspecify.annotations.NullMarked;
