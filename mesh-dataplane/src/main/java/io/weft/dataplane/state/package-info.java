/**
 * Files below the state directory: private, written as a whole or not at all, checked on reading.
 */
@NullMarked
package io.weft.dataplane.state;

import org.jspecify.annotations.NullMarked;
