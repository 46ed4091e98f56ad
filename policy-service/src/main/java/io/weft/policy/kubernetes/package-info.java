/** What the control plane asks of Kubernetes when it runs there: TokenReview. Inert elsewhere. */
@NullMarked
package io.weft.policy.kubernetes;

import org.jspecify.annotations.NullMarked;
