/**
 * A whole control plane in one object, for the application, the lab, the demo and tests. No Spring.
 */
@NullMarked
package io.weft.policy.server;

import org.jspecify.annotations.NullMarked;
