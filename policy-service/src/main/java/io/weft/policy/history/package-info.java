/**
 * What was offered when and what it changed, and what a change would do: for people. Puts nothing
 * in force.
 */
@NullMarked
package io.weft.policy.history;

import org.jspecify.annotations.NullMarked;
