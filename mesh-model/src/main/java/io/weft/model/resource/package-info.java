/** The units of configuration that are pushed, hashed and acknowledged by themselves. */
@NullMarked
package io.weft.model.resource;

import org.jspecify.annotations.NullMarked;
