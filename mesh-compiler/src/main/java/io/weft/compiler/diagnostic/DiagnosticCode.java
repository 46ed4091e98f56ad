package io.weft.compiler.diagnostic;

/** The stable code of a finding: one of Weft's own or one of Istio's. */
public sealed interface DiagnosticCode permits Code, IstioCode {

    /** For example {@code WFT0101} or {@code IST0101}. */
    String id();

    /** What it means, in one line. */
    String title();
}
