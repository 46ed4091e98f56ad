package io.weft.compiler.dialect.istio;

import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.cluster.UpstreamTls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ClientTLSSettings}. Credentials are looked for in the client's namespace, so this becomes
 * part of the model only for a client.
 */
record TlsSpec(
        Mode mode,
        @Nullable String sni,
        List<String> subjectAltNames,
        String credentialName,
        boolean insecureSkipVerify) {

    /** As Istio names them. */
    enum Mode {
        DISABLE,
        SIMPLE,
        MUTUAL,
        ISTIO_MUTUAL
    }

    TlsSpec {
        subjectAltNames = List.copyOf(subjectAltNames);
    }

    UpstreamTls forClient(WorkloadView client) {
        String credential =
                credentialName.isEmpty() ? null : client.namespace() + "/" + credentialName;
        return switch (mode) {
            case DISABLE -> new UpstreamTls.Disabled();
            case ISTIO_MUTUAL -> new UpstreamTls.Mesh();
            case SIMPLE ->
                    new UpstreamTls.Origination(
                            sni, subjectAltNames, credential, null, insecureSkipVerify);
            case MUTUAL ->
                    new UpstreamTls.Origination(
                            sni, subjectAltNames, credential, credential, insecureSkipVerify);
        };
    }
}
