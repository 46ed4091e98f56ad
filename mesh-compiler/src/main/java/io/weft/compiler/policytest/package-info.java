/**
 * The kind {@code PolicyTest} as data, and how it is written as YAML. Nothing here runs a test:
 * that needs the engine, which the compiler does not know.
 */
@NullMarked
package io.weft.compiler.policytest;

import org.jspecify.annotations.NullMarked;
