/** Who may do what: JWT rules and ordered authorisation programs. */
@NullMarked
package io.weft.model.authz;

import org.jspecify.annotations.NullMarked;
