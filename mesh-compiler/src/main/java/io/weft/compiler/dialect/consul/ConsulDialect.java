package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.PolicyDialect;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.List;
import java.util.regex.Pattern;

/** Consul's configuration entries as Kubernetes resources, and its server's configuration. */
public final class ConsulDialect implements PolicyDialect {

    private static final String SERVER_FILE = "server.hcl";
    private static final Pattern DENY_BY_DEFAULT =
            Pattern.compile("(?m)^\\s*\"?default_policy\"?\\s*[=:]\\s*\"deny\"");

    @Override
    public Dialect id() {
        return Dialect.CONSUL;
    }

    @Override
    public boolean claims(RawResource resource) {
        return resource.group().equals("consul.hashicorp.com") || isServerConfig(resource);
    }

    private static boolean isServerConfig(RawResource resource) {
        return resource.kind().equals("ConfigMap")
                && resource.group().isEmpty()
                && resource.peek("data", SERVER_FILE) != null;
    }

    @Override
    public boolean looksAtCluster() {
        return false;
    }

    @Override
    public DialectPolicies compile(List<RawResource> resources, CompileContext context) {
        boolean allow = context.allowByDefault();
        for (RawResource resource : resources) {
            if (isServerConfig(resource)) {
                allow &= allowsByDefault(context.open(resource, Dialect.CONSUL));
            }
        }
        ServiceDefaults defaults = new ServiceDefaults();
        for (RawResource resource : resources) {
            if (resource.kind().equals("ServiceDefaults")) {
                Field root = context.open(resource, Dialect.CONSUL);
                defaults.add(root);
                root.reportUnknown(Level.ERROR);
            }
        }
        Intentions intentions = new Intentions(allow, defaults);
        Resolvers resolvers = new Resolvers();
        Splitters splitters = new Splitters();
        Routers routers = new Routers();
        for (RawResource resource : resources) {
            if (isServerConfig(resource) || resource.kind().equals("ServiceDefaults")) {
                continue;
            }
            Field root = context.open(resource, Dialect.CONSUL);
            switch (resource.kind()) {
                case "ServiceIntentions" -> intentions.add(root);
                case "ServiceResolver" -> resolvers.add(root);
                case "ServiceSplitter" -> splitters.add(root);
                case "ServiceRouter" -> routers.add(root);
                case "ProxyDefaults",
                        "Mesh",
                        "IngressGateway",
                        "TerminatingGateway",
                        "ExportedServices",
                        "JWTProvider",
                        "SamenessGroup",
                        "ControlPlaneRequestLimit" -> {
                    root.accept();
                    root.warn(Code.NOT_ENFORCED, "read, but not enforced", "");
                }
                default ->
                        root.error(
                                Code.UNKNOWN_KIND,
                                "no kind of consul.hashicorp.com",
                                "check the spelling of kind");
            }
            root.reportUnknown(Level.ERROR);
        }
        return new ConsulPolicies(
                intentions, defaults, resolvers, new Chains(routers, splitters, resolvers));
    }

    private static boolean allowsByDefault(Field root) {
        String text = root.get("data").accept().get(SERVER_FILE).text("");
        boolean deny = DENY_BY_DEFAULT.matcher(text).find();
        root.info(
                Code.UNDERSTOOD,
                "understood as the configuration of Consul's servers: only its ACL default policy"
                        + " has a meaning here ("
                        + (deny ? "deny" : "not set to deny")
                        + ")");
        return !deny;
    }
}
