package io.weft.preview;

import io.weft.compiler.WorkloadIdentity;
import io.weft.compiler.catalog.DeclaredWorkload;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who calls, in a question.
 *
 * @param trustDomain of its identity
 */
public record Caller(WorkloadIdentity workload, String trustDomain) {

    /**
     * A caller of whom only some is said: the rest is that of the workload of the same name among
     * those declared, else its name stands for account and label {@code app}.
     *
     * @param account empty when not said
     * @param labels empty when not said
     */
    public static Caller of(
            WorkloadId id,
            String account,
            Map<String, String> labels,
            boolean gateway,
            String trustDomain,
            Collection<DeclaredWorkload> declared) {
        Optional<DeclaredWorkload> found =
                declared.stream().filter(each -> each.workload().equals(id)).findFirst();
        Map<String, String> own =
                !labels.isEmpty()
                        ? labels
                        : found.map(DeclaredWorkload::labels)
                                .filter(each -> !each.isEmpty())
                                .orElseGet(() -> usual(id, gateway));
        String known = found.map(DeclaredWorkload::serviceAccount).orElse("");
        String name = !account.isEmpty() ? account : known.isEmpty() ? id.name() : known;
        return new Caller(new WorkloadIdentity(id, name, own, List.of(), gateway), trustDomain);
    }

    private static Map<String, String> usual(WorkloadId id, boolean gateway) {
        return gateway
                ? Map.of("app", id.name(), "istio", "ingressgateway")
                : Map.of("app", id.name());
    }

    /** Whom it shows itself as under mutual TLS. */
    public SpiffeId identity() {
        return new SpiffeId(trustDomain, workload.id().namespace(), workload.serviceAccount());
    }
}
