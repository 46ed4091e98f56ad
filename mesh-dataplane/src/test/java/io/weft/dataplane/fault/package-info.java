/** Upstreams, callers and control planes that do what they should not. */
@NullMarked
package io.weft.dataplane.fault;

import org.jspecify.annotations.NullMarked;
