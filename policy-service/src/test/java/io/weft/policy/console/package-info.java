/** The console in a real browser, over a mesh whose sidecars report what a test wants. */
@NullMarked
package io.weft.policy.console;

import org.jspecify.annotations.NullMarked;
