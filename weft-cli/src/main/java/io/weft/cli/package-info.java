/**
 * The command line: one class a command, which parses, asks the compiler, the engine or the control
 * plane, and prints. Decides nothing itself.
 */
@NullMarked
package io.weft.cli;

import org.jspecify.annotations.NullMarked;
