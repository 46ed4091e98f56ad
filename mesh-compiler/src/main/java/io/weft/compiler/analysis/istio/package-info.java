/**
 * What Istio's analysers look for, under their codes: one small class each, listed in {@link
 * io.weft.compiler.analysis.istio.IstioChecks}. They read resources as written and know no other
 * dialect.
 */
@NullMarked
package io.weft.compiler.analysis.istio;

import org.jspecify.annotations.NullMarked;
