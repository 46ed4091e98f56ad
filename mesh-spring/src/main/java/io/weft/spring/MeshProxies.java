package io.weft.spring;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.dataplane.config.ResourceSet;
import io.weft.dataplane.identity.JoinException;
import io.weft.dataplane.lane.FilterLane;
import io.weft.dataplane.lane.LoginGate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts the proxy that {@code weft.mesh.*} describes. */
public final class MeshProxies {

    private MeshProxies() {}

    /**
     * Joins, binds and begins to serve.
     *
     * @param prepare looks at each configuration before it is in force; an IllegalArgumentException
     *     refuses it
     * @param applied is told of each configuration in force
     * @param login sends people to a provider of identities; null where nobody logs in
     * @throws RuntimeException whose message says what hinders the start and what to do about it
     */
    public static MeshProxy start(
            MeshProperties properties,
            FilterLane lane,
            Consumer<ResourceSet> prepare,
            Consumer<ResourceSet> applied,
            @Nullable LoginGate login) {
        try {
            return MeshProxy.start(
                    new ProxySettingsFactory(properties)
                            .settings()
                            .lane(lane, prepare, applied)
                            .login(login)
                            .build());
        } catch (JoinException | IllegalArgumentException | IllegalStateException e) {
            throw new MeshStartException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeshStartException("interrupted while joining the mesh", e);
        }
    }
}
