/**
 * The control plane as commands ask it: where it is, as whom, and its API. Prints nothing; knows no
 * command.
 */
@NullMarked
package io.weft.cli.control;

import org.jspecify.annotations.NullMarked;
