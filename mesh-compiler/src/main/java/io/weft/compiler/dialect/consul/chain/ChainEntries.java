package io.weft.compiler.dialect.consul.chain;

import io.weft.model.Locality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configuration entries that chains are made of; null is none. */
public interface ChainEntries {

    @Nullable RouterSpec router(ServiceName service);

    @Nullable SplitterSpec splitter(ServiceName service);

    @Nullable ResolverSpec resolver(ServiceName service);

    @Nullable ServiceSettings settings(ServiceName service);

    /** Those that hold where a service says nothing. */
    @Nullable ServiceSettings proxyDefaults();

    /** Where a peer is; unknown where nobody says it. */
    Locality peerLocality(String peer);

    /** The peers of a sameness group, in its order. */
    List<String> peersOf(String samenessGroup);
}
