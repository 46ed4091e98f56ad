package io.weft.compiler.dialect.consul.chain;

import io.weft.model.Origin;
import java.util.Locale;
import java.util.Set;

/** The protocol that all services of a chain must share. For one thread and one chain. */
final class ChainProtocol {

    private static final Set<String> HTTP_LIKE = Set.of("http", "http2", "grpc");
    private static final String TCP = "tcp";

    private final ChainEntries entries;
    private final ChainRequest request;
    private String agreed = "";
    private boolean undeclared;

    ChainProtocol(ChainEntries entries, ChainRequest request) {
        this.entries = entries;
        this.request = request;
    }

    /** Whether requests of a protocol can be told apart. */
    static boolean isHttpLike(String protocol) {
        return HTTP_LIKE.contains(protocol);
    }

    /** Takes a service into the chain. */
    void record(ServiceName service, Origin origin) throws ChainException {
        String protocol = declared(service);
        if (protocol.isEmpty()) {
            if (request.undeclaredFits()) {
                undeclared = true;
                return;
            }
            protocol = TCP;
        }
        if (agreed.isEmpty()) {
            agreed = protocol;
        } else if (!agreed.equals(protocol)) {
            throw new ChainException(
                    "discovery chain \""
                            + request.service().name()
                            + "\" uses inconsistent protocols; service \""
                            + service.name()
                            + "\" has \""
                            + protocol
                            + "\" which is not \""
                            + agreed
                            + "\"",
                    origin,
                    "give all of them one protocol in their ServiceDefaults");
        }
    }

    private String declared(ServiceName service) {
        ServiceSettings own = entries.settings(service);
        if (own != null && !own.protocol().isEmpty()) {
            return own.protocol().toLowerCase(Locale.ROOT);
        }
        ServiceSettings shared = entries.proxyDefaults();
        return shared == null ? "" : shared.protocol().toLowerCase(Locale.ROOT);
    }

    /** What was agreed on. */
    String agreed() {
        if (!agreed.isEmpty()) {
            return agreed;
        }
        return undeclared ? "http" : TCP;
    }

    /** Throws when routers or splitters are in use and requests cannot be told apart. */
    void requireHttp(Origin origin) throws ChainException {
        if (!isHttpLike(agreed())) {
            throw new ChainException(
                    "discovery chain \""
                            + request.service().name()
                            + "\" uses a protocol \""
                            + agreed()
                            + "\" that does not permit advanced routing or splitting behavior",
                    origin,
                    "set protocol http, http2 or grpc in the ServiceDefaults of its services");
        }
    }
}
