/**
 * Commands about what proxies have: proxy-status and proxy-config, with istioctl's columns. Reads
 * the model; decides nothing.
 */
@NullMarked
package io.weft.cli.proxy;

import org.jspecify.annotations.NullMarked;
