/** What an attacker sends to a running sidecar; the application behind says what came through. */
@NullMarked
package io.weft.dataplane.attack;

import org.jspecify.annotations.NullMarked;
