package io.weft.policy.control;

import io.weft.compiler.catalog.DiscoveredService;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Another registry of services, which says by itself when something changes. */
public interface ServiceRegistry extends AutoCloseable {

    /** For people, and to tell registries apart. */
    String name();

    /**
     * Begins to tell all services, again whenever something has changed; called once.
     *
     * @return completes when what was there at the beginning has been told, or is known not to be
     *     available; never fails
     */
    CompletionStage<Void> start(Consumer<List<DiscoveredService>> listener);

    @Override
    void close();
}
