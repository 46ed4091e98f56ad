/** Consul's kinds. Knows no other dialect. */
@NullMarked
package io.weft.compiler.dialect.consul;

import org.jspecify.annotations.NullMarked;
