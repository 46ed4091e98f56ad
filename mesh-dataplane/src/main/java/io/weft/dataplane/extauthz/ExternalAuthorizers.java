package io.weft.dataplane.extauthz;

import io.weft.dataplane.http.Exchange;
import io.weft.dataplane.http.HttpServices;
import io.weft.dataplane.tcp.TcpExchange;
import io.weft.dataplane.upstream.Target;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Permit;
import io.weft.engine.authz.Verdict;
import io.weft.model.listener.ExternalAuthorizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The external authorisers of a configuration. Asking never blocks; what cannot be asked has not
 * consented, unless its own configuration says so. Immutable, thread-safe.
 */
public final class ExternalAuthorizers {

    private final Map<String, Provider> byName;
    private final String self;

    /** A provider and where it is. */
    record Provider(ExternalAuthorizer config, HeaderNames included, Target target) {}

    private ExternalAuthorizers(Map<String, Provider> byName, String self) {
        this.byName = byName;
        this.self = self;
    }

    /**
     * Compiles.
     *
     * @param targets finds a cluster by name
     * @param self the identity that is called, as a URI
     */
    public static ExternalAuthorizers compile(
            List<ExternalAuthorizer> configs,
            Function<String, ? extends Target> targets,
            String self) {
        Map<String, Provider> byName = new HashMap<>();
        for (ExternalAuthorizer config : configs) {
            byName.put(
                    config.name(),
                    new Provider(
                            config,
                            new HeaderNames(config.includeRequestHeaders()),
                            targets.apply(config.cluster())));
        }
        return new ExternalAuthorizers(Map.copyOf(byName), self);
    }

    @Nullable Provider provider(String name) {
        return byName.get(name);
    }

    /** Whether the route of a request is chosen again behind its provider's changes. */
    public boolean clearsRouteCache(String name) {
        Provider provider = byName.get(name);
        return provider != null && provider.config.clearRouteCache();
    }

    String self() {
        return self;
    }

    /**
     * Asks about a request, and goes on with a permit if in the end all policies allow it;
     * otherwise the exchange is answered.
     *
     * @param engine what has asked
     * @param current the engine that is in force when the answer comes; another one decides anew
     */
    public void ask(
            Exchange exchange,
            AuthzEngine engine,
            Verdict.AskExternal ask,
            Supplier<@Nullable AuthzEngine> current,
            Consumer<Permit> then) {
        new RequestQuestion(this, exchange, current, then).ask(engine, ask);
    }

    /** The same about an opaque connection, which is refused otherwise. */
    public void ask(
            TcpExchange connection,
            HttpServices services,
            AuthzEngine engine,
            Verdict.AskExternal ask,
            Consumer<Permit> then) {
        new ConnectionQuestion(this, connection, services, then).ask(engine, ask);
    }
}
