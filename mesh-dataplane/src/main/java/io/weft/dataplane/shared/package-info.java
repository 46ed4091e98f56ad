/** What several proxies count together, in Redis. Nothing here decides what the counts mean. */
@NullMarked
package io.weft.dataplane.shared;

import org.jspecify.annotations.NullMarked;
