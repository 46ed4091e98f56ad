/** What the control plane keeps on disk: private files that are written whole or not at all. */
@NullMarked
package io.weft.policy.state;

import org.jspecify.annotations.NullMarked;
