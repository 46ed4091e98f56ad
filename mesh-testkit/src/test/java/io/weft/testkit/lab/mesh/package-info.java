@NullMarked
package io.weft.testkit.lab.mesh;

import org.jspecify.annotations.NullMarked;
