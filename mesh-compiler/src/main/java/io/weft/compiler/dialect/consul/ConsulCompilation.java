package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.Inventory;
import io.weft.compiler.dialect.consul.intention.Intention;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** One compilation of everything that is Consul's. For one thread. */
final class ConsulCompilation {

    private static final String LOCAL_DATACENTER = "dc1";

    /** Of entries in the server's configuration that name none, as Consul has it. */
    private static final String NAMESPACE = "default";

    private static final int MOST_META = 64;
    private static final int LONGEST_META_KEY = 128;
    private static final int LONGEST_META_VALUE = 512;

    /** Kinds on which the meaning of intentions depends. */
    private static final Set<String> REFERRED_TO =
            Set.of("PeeringAcceptor", "PeeringDialer", "SamenessGroup", "JWTProvider");

    private final CompileContext context;
    private final Peers peers = new Peers();
    private final JwtProviders providers = new JwtProviders();
    private final ServiceDefaults defaults = new ServiceDefaults();
    private final Destinations destinations = new Destinations();
    private final IngressGateways gateways = new IngressGateways();
    private final List<Intention> intentions = new ArrayList<>();
    private ServerSettings server = ServerSettings.NONE;
    private MeshEntry mesh = MeshEntry.NONE;

    ConsulCompilation(CompileContext context) {
        this.context = context;
    }

    ConsulPolicies compile(List<RawResource> written) {
        List<RawResource> resources = new ArrayList<>(written);
        for (RawResource resource : written) {
            readServer(resource);
        }
        for (RawResource entry : server.bootstrap()) {
            resources.add(entry.namespace().isEmpty() ? entry.inNamespace(NAMESPACE) : entry);
        }
        // What others refer to comes first.
        each(resources, List.of("PeeringAcceptor", "PeeringDialer"), peers::addPeering);
        each(resources, List.of("SamenessGroup"), peers::addGroup);
        each(resources, List.of("JWTProvider"), providers::add);
        each(resources, List.of("Mesh"), root -> mesh = MeshEntry.read(root));
        Entries entries = new Entries(defaults, peers);
        each(
                resources,
                List.of("ProxyDefaults"),
                root -> entries.proxies(ProxyDefaults.read(root, mesh.permissiveAllowed())));
        each(
                resources,
                List.of("ServiceDefaults"),
                root -> {
                    destinations.add(root);
                    defaults.add(root, mesh.permissiveAllowed());
                });
        IntentionReader reader = new IntentionReader(peers, providers);
        List<RawResource> referredTo =
                resources.stream().filter(ConsulCompilation::isReferredTo).toList();
        for (RawResource resource : resources) {
            readOther(resource, entries, reader, referredTo);
        }
        boolean allow =
                server.allowByDefault() == null
                        ? context.allowByDefault()
                        : context.allowByDefault() && server.allowByDefault();
        IntentionCheck.run(intentions, allow, entries, context.diagnostics());
        ChainSet chains =
                new ChainSet(
                        entries,
                        server.datacenter().isEmpty() ? LOCAL_DATACENTER : server.datacenter(),
                        context.trustDomain(),
                        context.diagnostics());
        return new ConsulPolicies(
                new Intentions(
                        intentions, allow, new Callers(context.trustDomain(), peers), providers),
                defaults,
                entries,
                new Chains(chains),
                new Connections(defaults, entries, chains),
                gateways,
                mesh,
                new Inventory(
                        destinations.services(),
                        Map.of(),
                        providers.inlineJwks(),
                        providers.jwksUris(),
                        Map.of()));
    }

    private void readServer(RawResource resource) {
        if (ServerSettings.isConfigMap(resource)) {
            Field root = context.open(resource, Dialect.CONSUL);
            server = server.and(ServerSettings.ofConfigMap(root, context.diagnostics()));
        } else if (resource.kind().equals("HelmValues")) {
            Field root = context.open(resource, Dialect.CONSUL);
            server = server.and(ServerSettings.ofHelm(root, context.diagnostics()));
        }
    }

    private void each(List<RawResource> resources, List<String> kinds, Consumer<Field> reader) {
        for (RawResource resource : resources) {
            if (resource.group().equals(ConsulDialect.GROUP) && kinds.contains(resource.kind())) {
                opened(resource, reader);
            }
        }
    }

    /** Whether what stands there changes what intentions mean. */
    private static boolean isReferredTo(RawResource resource) {
        return REFERRED_TO.contains(resource.kind());
    }

    /** A resource whose meaning depends on nothing but itself and what is given. */
    private <T> T reading(RawResource resource, Object given, Function<Field, T> reader) {
        return context.read(
                resource,
                Dialect.CONSUL,
                given,
                root -> {
                    T read = reader.apply(root);
                    finish(root);
                    return read;
                });
    }

    private void readOther(
            RawResource resource,
            Entries entries,
            IntentionReader reader,
            List<RawResource> referredTo) {
        if (!resource.group().equals(ConsulDialect.GROUP)) {
            return;
        }
        switch (resource.kind()) {
            case "PeeringAcceptor",
                    "PeeringDialer",
                    "SamenessGroup",
                    "JWTProvider",
                    "Mesh",
                    "ProxyDefaults",
                    "ServiceDefaults",
                    "HelmValues" -> {
                return;
            }
            case "ServiceIntentions" ->
                    intentions.addAll(reading(resource, referredTo, reader::read));
            case "ServiceResolver" -> entries.add(reading(resource, "", ResolverReader::read));
            case "ServiceSplitter" -> entries.add(reading(resource, "", SplitterReader::read));
            case "ServiceRouter" -> entries.add(reading(resource, "", RouterReader::read));
            case "IngressGateway" -> opened(resource, gateways::add);
            default -> opened(resource, OtherKinds::report);
        }
    }

    private void opened(RawResource resource, Consumer<Field> reader) {
        Field root = context.open(resource, Dialect.CONSUL);
        reader.accept(root);
        finish(root);
    }

    private static void finish(Field root) {
        checkMeta(root.get("spec").get("meta"));
        Names.refusePartition(root.get("spec"));
        root.reportUnknown(Level.ERROR);
    }

    private static void checkMeta(Field meta) {
        Map<String, String> entries = meta.texts();
        if (entries.size() > MOST_META) {
            tooMuch(meta, entries.size() + " entries", MOST_META);
        }
        entries.forEach((key, value) -> {
            if (key.length() > LONGEST_META_KEY) {
                tooMuch(meta, "a key of " + key.length() + " characters", LONGEST_META_KEY);
            }
            if (value.length() > LONGEST_META_VALUE) {
                tooMuch(meta, "a value of " + value.length() + " characters", LONGEST_META_VALUE);
            }
        });
    }

    private static void tooMuch(Field meta, String what, int most) {
        meta.error(
                Code.OUT_OF_RANGE,
                what + " (expected: at most " + most + ")",
                "keep large things elsewhere");
    }
}
