/** The Workload API frame by frame. */
@NullMarked
package io.weft.dataplane.workloadapi;

import org.jspecify.annotations.NullMarked;
