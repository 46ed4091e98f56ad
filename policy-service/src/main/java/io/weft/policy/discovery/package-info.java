/** Services that a Spring Cloud discovery client knows become part of the catalogue. */
@NullMarked
package io.weft.policy.discovery;

import org.jspecify.annotations.NullMarked;
