package io.weft.model.route;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Where a share of a route's traffic goes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface Destination {

    /** A cluster by its key. */
    record ToCluster(String cluster) implements Destination {}

    /** Nowhere: this share is answered with a status, because the backend is not valid. */
    record Unavailable(int status, String reason) implements Destination {}
}
