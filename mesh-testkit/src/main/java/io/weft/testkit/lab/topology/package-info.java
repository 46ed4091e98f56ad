/** The topology file: what stands in a lab, read with diagnostics. Starts nothing. */
@NullMarked
package io.weft.testkit.lab.topology;

import org.jspecify.annotations.NullMarked;
