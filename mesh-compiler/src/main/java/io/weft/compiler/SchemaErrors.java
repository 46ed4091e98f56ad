package io.weft.compiler;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.IstioCode;
import java.util.Set;

/**
 * What Istio calls a schema validation error (IST0106): an error in one of its resources. An
 * analysis tells it so, with our code, field and mend in the same message, and not a second time
 * under our code alone.
 */
final class SchemaErrors {

    private static final Set<String> KINDS =
            Set.of(
                    "AuthorizationPolicy",
                    "DestinationRule",
                    "EnvoyFilter",
                    "PeerAuthentication",
                    "ProxyConfig",
                    "RequestAuthentication",
                    "ServiceEntry",
                    "Sidecar",
                    "Telemetry",
                    "VirtualService",
                    "WasmPlugin",
                    "WorkloadEntry",
                    "WorkloadGroup");

    private SchemaErrors() {}

    /** Whether Istio has a code of its own for it. */
    static boolean isOne(Diagnostic found) {
        return found.isError()
                && KINDS.contains(found.kind())
                && !(found.code() instanceof IstioCode);
    }

    /** The same finding as Istio's tools know it. */
    static Diagnostic asIstioSays(Diagnostic found) {
        return new Diagnostic(
                IstioCode.SCHEMA_VALIDATION_ERROR,
                found.level(),
                found.kind(),
                found.namespace(),
                found.name(),
                found.fieldPath(),
                found.file(),
                found.line(),
                found.column(),
                found.value(),
                IstioCode.SCHEMA_VALIDATION_ERROR.text(found.code().id() + ", " + found.message()),
                found.mend());
    }
}
