/**
 * Where policies come from: config-service, a directory. Reads and watches; understands nothing of
 * what it reads.
 */
@NullMarked
package io.weft.policy.source;

import org.jspecify.annotations.NullMarked;
