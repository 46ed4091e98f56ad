/**
 * What checks look at: the resources as written, the workloads and services they declare, and where
 * findings go. Knows no check.
 */
@NullMarked
package io.weft.compiler.analysis.view;

import org.jspecify.annotations.NullMarked;
