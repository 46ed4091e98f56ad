/**
 * Endpoints picked, watched and left out when they fail; limits by numbers. Knows nothing of routes
 * or permission.
 */
@NullMarked
package io.weft.engine.balance;

import org.jspecify.annotations.NullMarked;
