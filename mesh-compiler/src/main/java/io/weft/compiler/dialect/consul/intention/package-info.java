/**
 * Consul's intentions: who is meant, which of several holds, and what remains of them where the
 * default says the same. Knows neither files nor the mesh's own authorisation programs.
 */
@NullMarked
package io.weft.compiler.dialect.consul.intention;

import org.jspecify.annotations.NullMarked;
