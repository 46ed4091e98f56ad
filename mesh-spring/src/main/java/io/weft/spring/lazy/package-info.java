/**
 * A proxy that serves before Spring's application context exists, and makes that only when
 * something needs it. No request of a route without gateway filters comes near it.
 */
@NullMarked
package io.weft.spring.lazy;

import org.jspecify.annotations.NullMarked;
