/**
 * HTTP exchanges, from the head of a request to its end: phases, filters, retries, errors. Knows no
 * listener.
 */
@NullMarked
package io.weft.dataplane.http;

import org.jspecify.annotations.NullMarked;
