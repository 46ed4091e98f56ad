/** What a workload or a gateway listens on, and the settings that hold for it as a whole. */
@NullMarked
package io.weft.model.listener;

import org.jspecify.annotations.NullMarked;
