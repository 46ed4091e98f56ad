/**
 * What no other analyser finds, under Weft's own codes: policies that cancel each other, routes and
 * retries that do harm. One small class each; they read resources as written.
 */
@NullMarked
package io.weft.compiler.analysis.mesh;

import org.jspecify.annotations.NullMarked;
