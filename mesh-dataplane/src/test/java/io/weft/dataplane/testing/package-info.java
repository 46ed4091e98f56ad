/** Fixtures that the tests of several packages share; knows nothing of what is tested. */
@NullMarked
package io.weft.dataplane.testing;

import org.jspecify.annotations.NullMarked;
