/**
 * Commands about traffic that flows now, with Linkerd's columns: stat, routes, edges, top, tap.
 * Numbers are the control plane's and the taps'; nothing is measured here.
 */
@NullMarked
package io.weft.cli.live;

import org.jspecify.annotations.NullMarked;
