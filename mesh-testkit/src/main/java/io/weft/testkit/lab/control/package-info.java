/**
 * The control API of a lab: requests, explanations, resources, tokens, faults and the clock, over
 * HTTP on loopback.
 */
@NullMarked
package io.weft.testkit.lab.control;

import org.jspecify.annotations.NullMarked;
