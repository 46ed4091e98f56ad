package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.dialect.MeshDefaults;
import io.weft.model.Origin;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import java.util.Set;

/**
 * What stands in for Linkerd's balancer, which picks among connected endpoints only: a connection
 * that does not come about is tried elsewhere. No answer is ever retried by it.
 */
final class Connections {

    private Connections() {}

    static RetryPolicy retry(Origin origin) {
        return new RetryPolicy(
                MeshDefaults.RETRIES,
                null,
                Set.of(RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM),
                Set.of(),
                MeshDefaults.BACK_OFF_BASE,
                MeshDefaults.BACK_OFF_MAX,
                null,
                true,
                false,
                origin);
    }
}
