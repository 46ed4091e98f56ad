package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the schemas of Istio's kinds demand beyond names and types of fields, so that what an API
 * server refuses is refused here as well.
 */
final class SchemaRules {

    private static final int MAX_PORT = 65535;
    private static final Pattern HEADER = Pattern.compile("[-_A-Za-z0-9]+");
    private static final Pattern PORT_NAME =
            Pattern.compile("[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?");

    private SchemaRules() {}

    static void check(Field root) {
        Field spec = root.get("spec");
        switch (root.resource().kind()) {
            case "AuthorizationPolicy" -> authorization(spec);
            case "PeerAuthentication" -> peerAuthentication(spec);
            case "RequestAuthentication" -> requestAuthentication(spec);
            case "ServiceEntry" -> serviceEntry(spec);
            case "WorkloadEntry" -> workloadEntry(spec);
            case "Telemetry" -> telemetry(spec);
            case "EnvoyFilter", "WasmPlugin", "ProxyConfig", "WorkloadGroup" ->
                    ExtensionRules.check(root);
            default -> {
                return;
            }
        }
    }

    private static void authorization(Field spec) {
        for (Field rule : spec.get("rules").items()) {
            for (Field from : rule.get("from").items()) {
                Field source = from.get("source");
                boolean accounts =
                        source.has("serviceAccounts") || source.has("notServiceAccounts");
                boolean others =
                        List.of("principals", "notPrincipals", "namespaces", "notNamespaces")
                                .stream()
                                .anyMatch(source::has);
                if (accounts && others) {
                    source.error(
                            Code.CONTRADICTION,
                            "serviceAccounts together with namespaces or principals",
                            "write the namespace into serviceAccounts: NAMESPACE/NAME");
                }
            }
        }
    }

    private static void peerAuthentication(Field spec) {
        Field ports = spec.get("portLevelMtls");
        if (!ports.isPresent()) {
            return;
        }
        if (ports.isEmpty()) {
            ports.error(Code.MISSING_FIELD, "no port (expected: at least one)", "remove it");
        }
        if (spec.get("selector").get("matchLabels").entries().isEmpty()) {
            ports.error(
                    Code.CONTRADICTION,
                    "port settings without a selector (expected: selector.matchLabels)",
                    "add a selector");
        }
        ports.entries()
                .forEach((port, mode) -> {
                    if (port.matches("[0-9]{1,9}")
                            && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > MAX_PORT)) {
                        mode.error(
                                Code.OUT_OF_RANGE,
                                port + " (expected: 1.." + MAX_PORT + ")",
                                "choose a port of the workload");
                    }
                });
    }

    private static void requestAuthentication(Field spec) {
        for (Field rule : spec.get("jwtRules").items()) {
            for (String list :
                    List.of("audiences", "fromParams", "fromCookies", "spaceDelimitedClaims")) {
                rule.get(list).items().forEach(SchemaRules::notEmpty);
            }
            for (Field claim : rule.get("outputClaimToHeaders").items()) {
                Field header = claim.get("header");
                String name = header.text("");
                if (!name.isEmpty() && !HEADER.matcher(name).matches()) {
                    header.reportValue(name, "letters, digits, - and _");
                }
            }
        }
    }

    static void notEmpty(Field field) {
        if (field.text("").isEmpty()) {
            field.error(Code.MISSING_FIELD, "empty (expected: a text)", "write it, or remove it");
        }
    }

    private static void serviceEntry(Field spec) {
        List<Field> endpoints = spec.get("endpoints").items();
        Field selector = spec.get("workloadSelector");
        selector.get("labels")
                .entries()
                .forEach((name, value) -> {
                    if (value.text("").contains("*")) {
                        value.error(
                                Code.INVALID_VALUE, "a wildcard in a selector", "write the label");
                    }
                });
        if (selector.isPresent() && !endpoints.isEmpty()) {
            selector.error(
                    Code.CONTRADICTION,
                    "both workloadSelector and endpoints (expected: one)",
                    "keep one of the two");
        }
        for (Field host : spec.get("hosts").items()) {
            if (host.text("").equals("*")) {
                host.error(
                        Code.INVALID_VALUE,
                        "'*' (expected: a host, or *.DOMAIN)",
                        "name the domain; what the mesh does not know is a Sidecar's"
                                + " outboundTrafficPolicy");
            }
        }
        Field resolution = spec.get("resolution");
        String how = resolution.text("NONE");
        if (how.startsWith("DNS")) {
            for (Field address : spec.get("addresses").items()) {
                if (address.text("").contains("/")) {
                    address.error(
                            Code.CONTRADICTION,
                            "'" + address.text("") + "': a range with resolution " + how,
                            "write an address, or use resolution NONE or STATIC");
                }
            }
        }
        if (how.equals("NONE") && resolution.isPresent() && !endpoints.isEmpty()) {
            resolution.error(
                    Code.CONTRADICTION, "NONE, but endpoints are given", "use resolution STATIC");
        }
        if (how.equals("DNS_ROUND_ROBIN") && endpoints.size() > 1) {
            resolution.error(
                    Code.CONTRADICTION,
                    "DNS_ROUND_ROBIN with " + endpoints.size() + " endpoints (expected: at most 1)",
                    "use resolution DNS");
        }
        unique(spec.get("ports"), "name");
        unique(spec.get("ports"), "number");
    }

    /** Reports items that repeat a member of an earlier one. */
    static void unique(Field list, String member) {
        Set<String> seen = new HashSet<>();
        for (Field item : list.items()) {
            Field field = item.get(member);
            String value = field.loose().orElse("");
            if (field.isPresent() && !seen.add(value)) {
                field.error(Code.CONTRADICTION, "'" + value + "' is there twice", "use another");
            }
        }
    }

    private static void workloadEntry(Field spec) {
        Field address = spec.get("address");
        String text = address.text("");
        if (text.startsWith("unix://")) {
            String path = text.substring("unix://".length());
            if (!path.startsWith("/") && !path.startsWith("@")) {
                address.reportValue(text, "unix:///ABSOLUTE/PATH or unix://@NAME");
            } else if (path.endsWith("/")) {
                address.reportValue(text, "a socket and no folder");
            }
            if (spec.get("ports").isPresent()) {
                spec.get("ports")
                        .error(Code.CONTRADICTION, "ports of a Unix socket", "remove ports");
            }
        }
        spec.get("ports")
                .entries()
                .forEach((name, port) -> {
                    if (!PORT_NAME.matcher(name).matches()) {
                        port.reportValue(name, "a port name of letters, digits and -");
                    }
                });
    }

    private static void telemetry(Field spec) {
        for (String part : List.of("metrics", "tracing", "accessLogging")) {
            for (Field item : spec.get(part).items()) {
                item.get("providers").items().forEach(p -> notEmpty(p.get("name")));
            }
        }
        for (Field metrics : spec.get("metrics").items()) {
            for (Field override : metrics.get("overrides").items()) {
                Field custom = override.get("match").get("customMetric");
                custom.ifPresent(SchemaRules::notEmpty);
                override.get("tagOverrides")
                        .entries()
                        .forEach((name, tag) -> {
                            boolean remove = tag.get("operation").text("UPSERT").equals("REMOVE");
                            if (remove && tag.get("value").isPresent()) {
                                tag.get("value")
                                        .error(
                                                Code.CONTRADICTION,
                                                "a value for a tag that is removed",
                                                "remove value");
                            }
                        });
            }
        }
    }
}
