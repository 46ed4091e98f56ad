/**
 * Route tables compiled to an index by host and path; the choice among weighted destinations. Knows
 * nothing of endpoints (balance) or permission (authz).
 */
@NullMarked
package io.weft.engine.route;

import org.jspecify.annotations.NullMarked;
