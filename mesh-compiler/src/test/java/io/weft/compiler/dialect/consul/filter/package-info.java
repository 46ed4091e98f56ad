/** Tests of the filter language. */
@NullMarked
package io.weft.compiler.dialect.consul.filter;

import org.jspecify.annotations.NullMarked;
