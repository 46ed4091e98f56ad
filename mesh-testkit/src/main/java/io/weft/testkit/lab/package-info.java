/**
 * A whole mesh on loopback in one process: {@link io.weft.testkit.lab.Lab} for programs, {@link
 * io.weft.testkit.lab.LabMain} for the command line.
 */
@NullMarked
package io.weft.testkit.lab;

import org.jspecify.annotations.NullMarked;
