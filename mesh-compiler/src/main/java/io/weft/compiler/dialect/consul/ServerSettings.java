package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.compiler.yaml.ResourceParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of Consul's servers, as a ConfigMap holds it in HCL or JSON, and the values of
 * its Helm chart: as far as they decide something in a mesh without Consul's servers.
 *
 * @param allowByDefault null where nothing is said
 * @param datacenter empty where nothing is said
 * @param bootstrap configuration entries that stand in it
 */
record ServerSettings(
        @Nullable Boolean allowByDefault, String datacenter, List<RawResource> bootstrap) {

    static final ServerSettings NONE = new ServerSettings(null, "", List.of());

    private static final List<String> FILES =
            List.of("server.hcl", "server.json", "consul.hcl", "config.hcl", "acl.hcl");

    private static final Set<String> ACL_RESOURCES =
            Set.of(
                    "acl",
                    "service",
                    "service_prefix",
                    "node",
                    "node_prefix",
                    "key",
                    "key_prefix",
                    "agent",
                    "agent_prefix",
                    "session",
                    "session_prefix",
                    "query",
                    "query_prefix",
                    "event",
                    "event_prefix",
                    "keyring",
                    "operator",
                    "mesh",
                    "peering");

    ServerSettings {
        bootstrap = List.copyOf(bootstrap);
    }

    /** Whether it is such a ConfigMap. */
    static boolean isConfigMap(RawResource resource) {
        return resource.kind().equals("ConfigMap")
                && resource.group().isEmpty()
                && FILES.stream().anyMatch(file -> resource.peek("data", file) != null);
    }

    static ServerSettings ofConfigMap(Field root, Diagnostics diagnostics) {
        ServerSettings all = NONE;
        for (Map.Entry<String, Field> file : root.get("data").entries().entrySet()) {
            file.getValue().text();
            if (!file.getKey().endsWith(".hcl") && !file.getKey().endsWith(".json")) {
                continue;
            }
            ResourceParser parser = new ResourceParser(diagnostics);
            Field body = parser.embeddedHcl(file.getValue());
            if (body == null) {
                continue;
            }
            if (isAcl(body)) {
                AclReader.read(body);
                file.getValue()
                        .info(
                                Code.UNDERSTOOD,
                                "understood as rules of Consul's own API; they are checked, and"
                                        + " grant nothing in this mesh");
            } else {
                all = all.and(server(body, parser));
            }
        }
        return all;
    }

    private static boolean isAcl(Field body) {
        return !body.entries().isEmpty()
                && ACL_RESOURCES.containsAll(body.entries().keySet())
                && !(body.entries().size() == 1
                        && body.get("acl").get("default_policy").isPresent())
                && !body.get("acl").get("enabled").isPresent();
    }

    /** The values of Consul's Helm chart. */
    static ServerSettings ofHelm(Field root, Diagnostics diagnostics) {
        Field values = root.get("spec").accept();
        Field global = values.get("global");
        Field acls = global.get("acls").get("manageSystemACLs");
        boolean managed = acls.bool(false);
        ServerSettings all =
                new ServerSettings(
                        managed ? Boolean.FALSE : null,
                        global.get("datacenter").text(""),
                        List.of());
        Field extra = values.get("server").get("extraConfig");
        if (!extra.text("").isBlank()) {
            ResourceParser parser = new ResourceParser(diagnostics);
            Field body = parser.embeddedHcl(extra);
            all = body == null ? all : all.and(server(body, parser));
        }
        root.info(
                Code.UNDERSTOOD,
                "understood as values of Consul's Helm chart: "
                        + (managed
                                ? "access control lists are managed, so intentions deny by default"
                                : "intentions' default is not set by manageSystemACLs")
                        + "; what installs Consul itself has no meaning here");
        return all;
    }

    private static ServerSettings server(Field body, ResourceParser parser) {
        Boolean allow = DefaultPolicy.read(body);
        List<RawResource> bootstrap =
                parser.configEntries(body.get("config_entries").get("bootstrap"));
        List<String> others = new ArrayList<>(body.entries().keySet());
        others.removeAll(Set.of("acl", "datacenter", "config_entries", "default_intention_policy"));
        body.info(
                Code.UNDERSTOOD,
                "understood as the configuration of Consul's servers: its ACL default policy is "
                        + (allow == null ? "not set" : allow ? "allow" : "deny")
                        + (bootstrap.isEmpty()
                                ? ""
                                : ", " + bootstrap.size() + " configuration entries")
                        + (others.isEmpty()
                                ? ""
                                : "; without meaning here: " + String.join(", ", others)));
        return new ServerSettings(allow, body.get("datacenter").text(""), bootstrap);
    }

    /** Both; deny holds against allow. */
    ServerSettings and(ServerSettings other) {
        Boolean allow = allowByDefault;
        if (allow == null || other.allowByDefault != null && !other.allowByDefault) {
            allow = other.allowByDefault == null ? allow : other.allowByDefault;
        }
        List<RawResource> all = new ArrayList<>(bootstrap);
        all.addAll(other.bootstrap);
        return new ServerSettings(allow, datacenter.isEmpty() ? other.datacenter : datacenter, all);
    }
}
