package io.weft.compiler.dialect.consul.chain;

import io.weft.compiler.dialect.consul.chain.ResolverSpec.SubsetSpec;
import io.weft.compiler.dialect.consul.chain.ResolverSpec.TargetOptions;
import io.weft.model.Locality;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Instances of a service that a chain leads to.
 *
 * @param datacenter empty for a peer's service
 * @param peer empty for a service of this mesh
 * @param sni what names it in TLS; empty for a peer's service
 * @param external whether it is outside the mesh
 */
public record ChainTarget(
        ServiceName service,
        String subset,
        String datacenter,
        String peer,
        String sni,
        String name,
        Duration connectTimeout,
        @Nullable SubsetSpec subsetSpec,
        boolean external,
        String meshGateway,
        boolean dialedDirectly,
        Locality locality) {

    static ChainTarget of(ServiceName service, String subset, String datacenter, String peer) {
        return new ChainTarget(
                service,
                subset,
                peer.isEmpty() ? datacenter : "",
                peer,
                "",
                "",
                ResolverSpec.CONNECT_TIMEOUT,
                null,
                false,
                "",
                false,
                Locality.UNKNOWN);
    }

    /** Unique in a chain. */
    public String id() {
        String whole =
                service.qualified() + "." + (peer.isEmpty() ? datacenter : "external." + peer);
        return subset.isEmpty() ? whole : subset + "." + whole;
    }

    /**
     * Another target: what the options leave empty stays, but another service has no subset yet.
     */
    ChainTarget rewritten(TargetOptions options, String localDatacenter) {
        boolean other = !options.service().isEmpty() && !options.service().equals(service.name());
        String newSubset = other ? "" : subset;
        return of(
                new ServiceName(
                        orElse(options.service(), service.name()),
                        orElse(options.namespace(), service.namespace())),
                orElse(options.subset(), newSubset),
                orElse(options.datacenter(), datacenter.isEmpty() ? localDatacenter : datacenter),
                orElse(options.peer(), options.datacenter().isEmpty() ? peer : ""));
    }

    private static String orElse(String value, String otherwise) {
        return value.isEmpty() ? otherwise : value;
    }
}
