/**
 * Match trees and string tests compiled to predicates that allocate nothing. Knows requests, no
 * decisions.
 */
@NullMarked
package io.weft.engine.match;

import org.jspecify.annotations.NullMarked;
