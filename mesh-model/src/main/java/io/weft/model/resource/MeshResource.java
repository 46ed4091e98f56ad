package io.weft.model.resource;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A unit of configuration that is pushed, hashed and acknowledged by itself. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface MeshResource
        permits WorkloadConfig,
                RouteTable,
                UnknownHost,
                Cluster,
                EndpointSet,
                JwksSet,
                Certificate,
                TrustBundle {

    /** Unique in a configuration, see {@link ResourceKeys}. */
    @JsonIgnore
    String key();
}
