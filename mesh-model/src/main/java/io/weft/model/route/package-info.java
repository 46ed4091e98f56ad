/**
 * Routing: route tables, routes, their actions, filters, retries and time-outs, in the order in
 * which the first match wins.
 */
@NullMarked
package io.weft.model.route;

import org.jspecify.annotations.NullMarked;
