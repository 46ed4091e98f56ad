package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.consul.chain.ChainCompiler;
import io.weft.compiler.dialect.consul.chain.ChainException;
import io.weft.compiler.dialect.consul.chain.ChainNode;
import io.weft.compiler.dialect.consul.chain.ChainRequest;
import io.weft.compiler.dialect.consul.chain.ChainTarget;
import io.weft.compiler.dialect.consul.chain.DiscoveryChain;
import io.weft.compiler.dialect.consul.chain.ResolverSpec;
import io.weft.compiler.dialect.consul.chain.RouterSpec;
import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.compiler.dialect.consul.chain.SplitterSpec;
import io.weft.model.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The discovery chains of all services that have entries, compiled once. What cannot be compiled is
 * reported and has no chain. Immutable once made.
 */
final class ChainSet {

    /** A target with the targets that take over for it. */
    record Heirs(List<ChainTarget> targets, Origin origin) {
        Heirs {
            targets = List.copyOf(targets);
        }
    }

    private final Entries entries;
    private final String datacenter;
    private final String trustDomain;
    private final Diagnostics diagnostics;
    private final Map<String, DiscoveryChain> byHost = new TreeMap<>();
    private final Map<String, Heirs> heirs = new HashMap<>();
    private final Set<String> reported = new HashSet<>();

    ChainSet(Entries entries, String datacenter, String trustDomain, Diagnostics diagnostics) {
        this.entries = entries;
        this.datacenter = datacenter;
        this.trustDomain = trustDomain;
        this.diagnostics = diagnostics;
        for (ServiceName service : entries.services()) {
            compile(service);
        }
    }

    private void compile(ServiceName service) {
        try {
            DiscoveryChain chain = ChainCompiler.compile(entries, request(service));
            byHost.put(Names.host(service), chain);
            warnOfPeers(chain);
        } catch (ChainException e) {
            reportChain(service, e);
        }
        warnOfNoProtocol(service);
        ResolverSpec resolver = entries.resolver(service);
        if (resolver == null || resolver.failover().isEmpty()) {
            return;
        }
        List<String> subsets = new ArrayList<>(resolver.subsets().keySet());
        subsets.add("");
        subsets.forEach(subset -> compileHeirs(service, subset));
    }

    private void compileHeirs(ServiceName service, String subset) {
        try {
            DiscoveryChain chain = ChainCompiler.compileTarget(entries, request(service), subset);
            if (chain.start() instanceof ChainNode.Resolver node
                    && !node.failover().isEmpty()
                    && chain.target(node.target()).subset().equals(subset)) {
                heirs.put(
                        Names.host(service) + "/" + subset,
                        new Heirs(
                                node.failover().stream().map(chain::target).toList(),
                                node.origin()));
                warnOfPeers(chain);
            }
        } catch (ChainException e) {
            reportChain(service, e);
        }
    }

    /** At the entry that is wrong; where there is none, at the one that leads there. */
    private void reportChain(ServiceName service, ChainException e) {
        Origin origin = e.origin().isBuiltIn() ? origin(service) : e.origin();
        report(Level.ERROR, Code.CHAIN, origin, String.valueOf(e.getMessage()), e.mend());
    }

    private ChainRequest request(ServiceName service) {
        return new ChainRequest(service, datacenter, trustDomain, "", true);
    }

    /** Consul would refuse such an entry; here the port may say what is spoken. */
    private void warnOfNoProtocol(ServiceName service) {
        RouterSpec router = entries.router(service);
        SplitterSpec splitter = entries.splitter(service);
        Origin origin =
                router != null ? router.origin() : splitter != null ? splitter.origin() : null;
        if (origin != null && entries.protocol(service).isEmpty()) {
            report(
                    Level.WARNING,
                    Code.UNDECLARED_PROTOCOL,
                    origin,
                    "no protocol is declared for '"
                            + service.name()
                            + "': Consul takes it as tcp and refuses to route or split it; here the"
                            + " protocol of its port holds",
                    "add a ServiceDefaults named " + service.name() + " with protocol: http");
        }
    }

    private void warnOfPeers(DiscoveryChain chain) {
        for (ChainTarget target : chain.targets().values()) {
            if (!target.peer().isEmpty()) {
                report(
                        Level.WARNING,
                        Code.UNSUPPORTED_FIELD,
                        originOf(chain, target),
                        "services of the peer '"
                                + target.peer()
                                + "' are not imported: "
                                + Names.peerHost(target.service(), target.peer())
                                + " is called",
                        "declare a ServiceEntry for this host");
            }
        }
    }

    private Origin originOf(DiscoveryChain chain, ChainTarget target) {
        for (ChainNode node : chain.nodes().values()) {
            if (node instanceof ChainNode.Resolver resolver
                    && resolver.failover().contains(target.id())) {
                return resolver.origin();
            }
        }
        return origin(chain.service());
    }

    private void report(Level level, Code code, Origin origin, String message, String mend) {
        if (reported.add(message)) {
            diagnostics.add(
                    new Diagnostic(
                            code,
                            level,
                            origin.kind(),
                            origin.namespace(),
                            origin.name(),
                            "",
                            origin.file(),
                            origin.line(),
                            1,
                            "",
                            message,
                            mend));
        }
    }

    /** The entry that a service's chain begins with. */
    Origin origin(ServiceName service) {
        RouterSpec router = entries.router(service);
        SplitterSpec splitter = entries.splitter(service);
        ResolverSpec resolver = entries.resolver(service);
        if (router != null) {
            return router.origin();
        }
        if (splitter != null) {
            return splitter.origin();
        }
        return resolver != null ? resolver.origin() : Origin.builtIn("the service as a whole");
    }

    /** By host, in order. */
    Map<String, DiscoveryChain> all() {
        return byHost;
    }

    /** The chain of a host; null where no entry is about it. */
    @Nullable DiscoveryChain get(String host) {
        return byHost.get(host);
    }

    /** Who takes over for a service or its subset; null for nobody. */
    @Nullable Heirs heirs(ServiceName service, String subset) {
        return heirs.get(Names.host(service) + "/" + subset);
    }

    /** Where this mesh is. */
    String datacenter() {
        return datacenter;
    }
}
