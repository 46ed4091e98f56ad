/**
 * What changes in the compiled model from one configuration to another: a differ of records that
 * knows what identifies an element and passes over origins, and its result told for each workload.
 */
@NullMarked
package io.weft.preview.diff;

import org.jspecify.annotations.NullMarked;
