@NullMarked
package io.weft.testkit.lab;

import org.jspecify.annotations.NullMarked;
