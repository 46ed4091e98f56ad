/**
 * Commands against a real control plane with real sidecars on loopback, as a user runs them.
 * Nothing is imitated but the application.
 */
@NullMarked
package io.weft.cli.running;

import org.jspecify.annotations.NullMarked;
