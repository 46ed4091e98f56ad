/**
 * The comparison of whole proxies: what is run, in which order, and how it is told. Nothing here is
 * part of a build.
 */
@NullMarked
package io.weft.benchmarks;

import org.jspecify.annotations.NullMarked;
