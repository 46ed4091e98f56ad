/** Read-only pictures of a running data plane, for administration pages and actuators. */
@NullMarked
package io.weft.dataplane.view;

import org.jspecify.annotations.NullMarked;
