/** Why a request would end as it would, asked of the configuration in force. Decides nothing by itself: mesh-engine does. */
@NullMarked
package io.weft.policy.explain;

import org.jspecify.annotations.NullMarked;
