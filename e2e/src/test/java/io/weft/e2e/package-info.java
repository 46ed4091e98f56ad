/** System tests: everything is started and asked from outside, as a user does it. */
@NullMarked
package io.weft.e2e;

import org.jspecify.annotations.NullMarked;
