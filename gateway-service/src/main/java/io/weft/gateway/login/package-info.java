/** People log in at the gateway: from {@code weft.gateway.logins} to the seam of the data plane. */
@NullMarked
package io.weft.gateway.login;

import org.jspecify.annotations.NullMarked;
