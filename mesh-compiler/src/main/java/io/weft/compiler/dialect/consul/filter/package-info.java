/**
 * The filter language of Consul (go-bexpr): text to {@link
 * io.weft.compiler.dialect.consul.filter.Expression}, and its truth about a value. Knows no policy.
 */
@NullMarked
package io.weft.compiler.dialect.consul.filter;

import org.jspecify.annotations.NullMarked;
