package io.weft.dataplane.snapshot;

import io.weft.model.Locality;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import java.util.List;
import java.util.Map;

/** What the compiler must know of the proxy itself. */
public record LocalProxy(
        WorkloadId workload,
        SpiffeId identity,
        Map<String, String> labels,
        Locality locality,
        List<LocalApplication> applications) {}
