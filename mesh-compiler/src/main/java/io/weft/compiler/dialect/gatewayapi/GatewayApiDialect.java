package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.PolicyDialect;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The Kubernetes Gateway API, {@code gateway.networking.k8s.io}. */
public final class GatewayApiDialect implements PolicyDialect {

    static final String GROUP = "gateway.networking.k8s.io";

    private static final Set<String> VERSIONS = Set.of("v1", "v1beta1", "v1alpha2", "v1alpha3");

    @Override
    public Dialect id() {
        return Dialect.GATEWAY_API;
    }

    @Override
    public boolean claims(RawResource resource) {
        return resource.group().equals(GROUP);
    }

    @Override
    public DialectPolicies compile(List<RawResource> resources, CompileContext context) {
        ReferenceGrants grants = new ReferenceGrants();
        GatewayReader gatewayReader = new GatewayReader(grants);
        // Gateways refer to classes, and everything to grants.
        for (RawResource resource : resources) {
            switch (resource.kind()) {
                case "ReferenceGrant" -> finish(context, resource, grants::add);
                case "GatewayClass" -> finish(context, resource, gatewayReader::gatewayClass);
                default -> {}
            }
        }
        List<GatewaySpec> gateways = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        List<RouteSpec> routes = new ArrayList<>();
        BackendTlsPolicies backendTls = new BackendTlsPolicies(context);
        for (RawResource resource : resources) {
            switch (resource.kind()) {
                case "ReferenceGrant", "GatewayClass" -> {}
                case "Gateway" ->
                        finish(
                                context,
                                resource,
                                root ->
                                        gatewayReader
                                                .read(root)
                                                .ifPresentOrElse(
                                                        gateways::add,
                                                        () -> foreign.add(id(resource))));
                case "BackendTLSPolicy" -> finish(context, resource, backendTls::add);
                case "UDPRoute" -> notEnforced(context, resource, "UDP bypasses the mesh");
                case "ListenerSet", "XListenerSet" ->
                        notEnforced(context, resource, "listeners stand in the Gateway itself");
                default -> route(context, resource, routes);
            }
        }
        References references = new References(grants);
        Bindings bindings = new Bindings(gateways, foreign, routes, context);
        reportReferences(routes, references, context);
        return new GatewayApiPolicies(
                List.copyOf(gatewayReader.classStatuses()),
                List.copyOf(gateways),
                List.copyOf(routes),
                bindings,
                references,
                new MeshRoutes(routes, references),
                backendTls);
    }

    private static String id(RawResource resource) {
        return resource.namespace() + "/" + resource.name();
    }

    private static void route(
            CompileContext context, RawResource resource, List<RouteSpec> routes) {
        RouteKind.of(resource.kind())
                .ifPresentOrElse(
                        kind ->
                                routes.add(
                                        context.read(
                                                resource,
                                                Dialect.GATEWAY_API,
                                                "",
                                                root -> whole(root, kind))),
                        () ->
                                finish(
                                        context,
                                        resource,
                                        root -> {
                                            root.accept();
                                            root.error(
                                                    Code.UNKNOWN_KIND,
                                                    "no kind of " + GROUP,
                                                    "check the spelling of kind");
                                        }));
    }

    private static void notEnforced(CompileContext context, RawResource resource, String why) {
        Field root = context.open(resource, Dialect.GATEWAY_API);
        root.accept();
        root.warn(Code.NOT_ENFORCED, "read, but not enforced: " + why, "");
    }

    /** Reads one resource, then reports what nobody asked for. */
    private static void finish(
            CompileContext context, RawResource resource, Consumer<Field> reader) {
        Field root = context.open(resource, Dialect.GATEWAY_API);
        reader.accept(root);
        finish(root);
    }

    private static RouteSpec whole(Field root, RouteKind kind) {
        RouteSpec route = RouteReader.read(kind, root);
        finish(root);
        return route;
    }

    private static void finish(Field root) {
        RawResource resource = root.resource();
        if (!VERSIONS.contains(resource.version())) {
            root.get("apiVersion")
                    .error(
                            Code.UNKNOWN_KIND,
                            "'"
                                    + resource.apiVersion()
                                    + "' (expected: a version of "
                                    + VERSIONS.stream().sorted().toList()
                                    + ")",
                            "write " + GROUP + "/v1");
        }
        root.reportUnknown(Level.ERROR);
    }

    private static void reportReferences(
            List<RouteSpec> routes, References references, CompileContext context) {
        for (RouteSpec route : routes) {
            for (ObjectRef ref : References.references(route)) {
                references.check(route, ref).ifPresent(flaw -> report(context, ref.origin(), flaw));
            }
        }
    }

    private static void report(CompileContext context, Origin at, Flaw flaw) {
        context.diagnostics()
                .add(
                        new Diagnostic(
                                Code.DANGLING_REFERENCE,
                                Level.WARNING,
                                at.kind(),
                                at.namespace(),
                                at.name(),
                                "backendRef",
                                at.file(),
                                at.line(),
                                1,
                                "",
                                flaw.message()
                                        + ": its share is answered with 500 ("
                                        + flaw.reason()
                                        + ")",
                                flaw.reason().equals("RefNotPermitted")
                                        ? "create a ReferenceGrant in the backend's namespace"
                                        : "refer to a Service"));
    }
}
