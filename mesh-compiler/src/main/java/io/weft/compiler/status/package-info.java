/**
 * What became of resources, in the terms of their own API: conditions, parents, listeners. Only
 * records; the dialects fill them.
 */
@NullMarked
package io.weft.compiler.status;

import org.jspecify.annotations.NullMarked;
