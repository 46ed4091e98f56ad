/**
 * Makes container images of the applications, without a Docker engine. Knows their jars, not their
 * code.
 */
@NullMarked
package io.weft.images;

import org.jspecify.annotations.NullMarked;
