/** Certificates of the demo itself: what the gateway shows and what an intruder would show. */
@NullMarked
package io.weft.blog.launcher.pki;

import org.jspecify.annotations.NullMarked;
