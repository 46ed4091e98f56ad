package io.weft.compiler;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.IstioCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Istio calls a schema validation error (IST0106), once for each of its resources that is
 * refused; the errors themselves say more, field by field.
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

    static List<Diagnostic> of(List<Diagnostic> found) {
        Map<String, List<Diagnostic>> byResource = new LinkedHashMap<>();
        for (Diagnostic each : found) {
            if (each.isError() && KINDS.contains(each.kind())) {
                byResource
                        .computeIfAbsent(
                                each.kind() + " " + each.namespace() + "/" + each.name(),
                                id -> new ArrayList<>())
                        .add(each);
            }
        }
        return byResource.values().stream().map(SchemaErrors::united).toList();
    }

    private static Diagnostic united(List<Diagnostic> errors) {
        Diagnostic first = errors.getFirst();
        String field = first.fieldPath().isEmpty() ? "" : first.fieldPath() + ": ";
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
        return new Diagnostic(
                IstioCode.SCHEMA_VALIDATION_ERROR,
                IstioCode.SCHEMA_VALIDATION_ERROR.level(),
                first.kind(),
                first.namespace(),
                first.name(),
                "",
                first.file(),
                first.line(),
                first.column(),
                "",
                IstioCode.SCHEMA_VALIDATION_ERROR.text(
                        field + first.message() + more + "; see " + first.code().id()),
                "");
    }
}
