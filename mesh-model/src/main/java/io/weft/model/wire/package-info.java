/** What travels between control plane and data plane, and its JSON form. */
@NullMarked
package io.weft.model.wire;

import org.jspecify.annotations.NullMarked;
