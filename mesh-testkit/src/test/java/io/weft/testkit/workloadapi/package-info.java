/** The Workload API as the clients of SPIFFE see it, with a control plane behind. */
@NullMarked
package io.weft.testkit.workloadapi;

import org.jspecify.annotations.NullMarked;
