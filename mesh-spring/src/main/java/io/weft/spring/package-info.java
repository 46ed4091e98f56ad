/** The data plane as Spring beans: properties, wiring, health. No request passes through here. */
@NullMarked
package io.weft.spring;

import org.jspecify.annotations.NullMarked;
