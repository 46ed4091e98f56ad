@NullMarked
package io.weft.testkit.junit;

import org.jspecify.annotations.NullMarked;
