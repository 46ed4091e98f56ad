/**
 * Certificates that gateways show to the world. They go to the gateways of their namespace only.
 */
@NullMarked
package io.weft.policy.secrets;

import org.jspecify.annotations.NullMarked;
