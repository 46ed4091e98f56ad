package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.PolicyDialect;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Linkerd: ServiceProfiles, the policies of {@code policy.linkerd.io}, and its annotations on
 * Services.
 */
public final class LinkerdDialect implements PolicyDialect {

    private static final Map<String, Set<String>> VERSIONS =
            Map.of(
                    "ServiceProfile", Set.of("v1alpha1", "v1alpha2"),
                    "Server", Set.of("v1alpha1", "v1beta1", "v1beta2", "v1beta3"),
                    "ServerAuthorization", Set.of("v1alpha1", "v1beta1"),
                    "HTTPRoute", Set.of("v1alpha1", "v1beta1", "v1beta2", "v1beta3"),
                    "AuthorizationPolicy", Set.of("v1alpha1"),
                    "MeshTLSAuthentication", Set.of("v1alpha1"),
                    "NetworkAuthentication", Set.of("v1alpha1"),
                    "HTTPLocalRateLimitPolicy", Set.of("v1alpha1"),
                    "EgressNetwork", Set.of("v1alpha1"));

    @Override
    public Dialect id() {
        return Dialect.LINKERD;
    }

    @Override
    public boolean claims(RawResource resource) {
        return resource.group().equals("linkerd.io")
                || resource.group().equals("policy.linkerd.io");
    }

    @Override
    public DialectPolicies compile(List<RawResource> resources, CompileContext context) {
        Identities identities = new Identities(context.trustDomain());
        Authorizations authorizations = new Authorizations(identities);
        // Policies refer to authentications.
        each(resources, context, "MeshTLSAuthentication", authorizations::meshTls);
        each(resources, context, "NetworkAuthentication", authorizations::network);
        Profiles profiles = new Profiles();
        List<ServerSpec> servers = new ArrayList<>();
        List<RouteSpec> routes = new ArrayList<>();
        readings(resources, context, "ServiceProfile", ProfileReader::read)
                .forEach(profile -> profile.ifPresent(profiles::add));
        servers.addAll(readings(resources, context, "Server", ServerSpec::read));
        routes.addAll(readings(resources, context, "HTTPRoute", RouteReader::read));
        each(resources, context, "AuthorizationPolicy", authorizations::policy);
        each(resources, context, "ServerAuthorization", authorizations::serverAuthorization);
        List<RateLimitSpec> limits =
                readings(
                        resources,
                        context,
                        "HTTPLocalRateLimitPolicy",
                        root -> RateLimitSpec.read(root, identities));
        EgressNetworks egress = new EgressNetworks();
        each(resources, context, "EgressNetwork", egress::add);
        for (RawResource resource : resources) {
            if (!VERSIONS.containsKey(resource.kind())) {
                other(context.open(resource, Dialect.LINKERD));
            }
        }
        References.report(servers, routes, authorizations.grants(), context.diagnostics());
        Annotated annotated = new Annotated(context);
        return new LinkerdPolicies(
                profiles,
                new ServiceRoutes(routes, annotated),
                annotated,
                new InboundLayers(
                        servers, routes, authorizations.grants(), new DefaultPolicies(context)),
                new RateLimits(servers, limits, context.diagnostics()),
                egress);
    }

    private static void each(
            List<RawResource> resources,
            CompileContext context,
            String kind,
            Consumer<Field> reader) {
        for (RawResource resource : resources) {
            if (resource.kind().equals(kind)) {
                Field root = context.open(resource, Dialect.LINKERD);
                reader.accept(root);
                finish(root);
            }
        }
    }

    /** Resources of a kind whose meaning depends on nothing but themselves. */
    private static <T> List<T> readings(
            List<RawResource> resources,
            CompileContext context,
            String kind,
            Function<Field, T> reader) {
        List<T> read = new ArrayList<>();
        for (RawResource resource : resources) {
            if (resource.kind().equals(kind)) {
                read.add(
                        context.read(
                                resource,
                                Dialect.LINKERD,
                                "",
                                root -> {
                                    T value = reader.apply(root);
                                    finish(root);
                                    return value;
                                }));
            }
        }
        return read;
    }

    private static void finish(Field root) {
        RawResource resource = root.resource();
        Set<String> versions = VERSIONS.getOrDefault(resource.kind(), Set.of());
        if (!versions.contains(resource.version())) {
            root.get("apiVersion")
                    .error(
                            Code.UNKNOWN_KIND,
                            "'"
                                    + resource.apiVersion()
                                    + "' (expected: a version of "
                                    + versions.stream().sorted().toList()
                                    + ")",
                            "correct the version");
        }
        root.reportUnknown(Level.ERROR);
    }

    private static void other(Field root) {
        root.accept();
        switch (root.resource().kind()) {
            case "ConcurrencyLimitPolicy" ->
                    root.warn(
                            Code.NOT_ENFORCED,
                            "read, but not enforced: requests are not limited by it",
                            "write a RequestPolicy with concurrency");
            default ->
                    root.error(
                            Code.UNKNOWN_KIND,
                            "no kind of " + root.resource().group(),
                            "check the spelling of kind");
        }
    }
}
