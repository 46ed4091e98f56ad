package io.weft.compiler.catalog;

import io.weft.model.Origin;
import io.weft.model.WorkloadId;
import java.util.Map;

/**
 * A workload as the configuration describes it (a Deployment, say). What runs registers itself;
 * this tells what would run.
 *
 * @param serviceAccount as it is written; empty where nothing is
 * @param labels of its pods
 */
public record DeclaredWorkload(
        WorkloadId workload, String serviceAccount, Map<String, String> labels, Origin origin) {
    public DeclaredWorkload {
        labels = Map.copyOf(labels);
    }
}
