/**
 * The data plane's door: how a proxy is started, set up, drained and looked at. Everything else
 * lives in the packages below; nothing below depends on this one.
 */
@NullMarked
package io.weft.dataplane;

import org.jspecify.annotations.NullMarked;
