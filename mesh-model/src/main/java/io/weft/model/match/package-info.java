/**
 * Boolean trees over a request: what a route or an authorisation rule asks. No evaluation lives
 * here (see mesh-engine).
 */
@NullMarked
package io.weft.model.match;

import org.jspecify.annotations.NullMarked;
