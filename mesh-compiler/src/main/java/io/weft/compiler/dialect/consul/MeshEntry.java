package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.List;
import java.util.Set;

/**
 * {@code Mesh}: what holds for the mesh as a whole.
 *
 * @param permissiveAllowed whether services may take plain text
 * @param meshOnly whether what is no service of the mesh cannot be called
 */
record MeshEntry(boolean permissiveAllowed, boolean meshOnly) {

    /** Where no entry says anything. */
    static final MeshEntry NONE = new MeshEntry(false, false);

    private static final Set<String> VERSIONS =
            Set.of("", "TLS_AUTO", "TLSv1_0", "TLSv1_1", "TLSv1_2", "TLSv1_3");

    /** Reads the one named {@code mesh}; any other is reported. */
    static MeshEntry read(Field root) {
        Field spec = root.get("spec");
        for (String side : List.of("incoming", "outgoing")) {
            tls(spec.get("tls").get(side));
        }
        spec.get("validateClusters")
                .unsupported("routes are checked when they are compiled, always");
        spec.get("peering")
                .get("peerThroughMeshGateways")
                .unsupported("sidecars call each other directly");
        if (spec.get("http").get("sanitizeXForwardedClientCert").bool(false)) {
            spec.get("http")
                    .get("sanitizeXForwardedClientCert")
                    .info(
                            Code.UNDERSTOOD,
                            "holds always: a proxy writes X-Forwarded-Client-Cert itself, and"
                                    + " takes out what callers send");
        }
        spec.get("http").get("incoming").unsupported("paths are normalised for all dialects alike");
        boolean only = spec.get("transparentProxy").get("meshDestinationsOnly").bool(false);
        boolean permissive = spec.get("allowEnablingPermissiveMutualTLS").bool(false);
        if (!root.resource().name().equals("mesh")) {
            root.error(
                    Code.INVALID_VALUE,
                    "'" + root.resource().name() + "' (expected: mesh)",
                    "name it mesh: there is one Mesh");
        }
        return new MeshEntry(permissive, only);
    }

    /** Reads TLS settings, which are checked; the mesh's own proxies speak TLS 1.3 or 1.2. */
    static void tls(Field side) {
        for (String name : List.of("tlsMinVersion", "tlsMaxVersion")) {
            Field version = side.get(name);
            String text = version.text("");
            if (!VERSIONS.contains(text)) {
                version.reportValue(text, "TLS_AUTO, TLSv1_0, TLSv1_1, TLSv1_2, TLSv1_3");
            } else if (text.equals("TLSv1_0") || text.equals("TLSv1_1")) {
                version.warn(
                        Code.LEGACY_VALUE,
                        text + " is not spoken any more (RFC 8996): TLSv1_2 and newer are",
                        "write TLSv1_2");
            } else if (!text.isEmpty() && !text.equals("TLS_AUTO")) {
                version.warn(
                        Code.UNSUPPORTED_FIELD,
                        "between proxies the newest version that both speak is used",
                        "");
            }
        }
        side.get("cipherSuites").unsupported("proxies choose among safe ones by themselves");
    }
}
