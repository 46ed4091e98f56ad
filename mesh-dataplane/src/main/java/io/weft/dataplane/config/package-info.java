/** Where a proxy's configuration comes from: the stream, the last good state on disk, a file. */
@NullMarked
package io.weft.dataplane.config;

import org.jspecify.annotations.NullMarked;
