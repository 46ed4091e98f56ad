package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.Set;
import java.util.regex.Pattern;

/** The schema rules of kinds that are read but not enforced: what they say must still be valid. */
final class ExtensionRules {

    private static final int MAX_PORT = 65535;
    private static final Set<String> SCHEMES = Set.of("http", "https", "file", "oci");
    private static final Pattern URL =
            Pattern.compile("(?:([a-zA-Z][a-zA-Z0-9+.-]*)://)?[^\\s#%$]+");
    private static final Pattern DIGEST = Pattern.compile("(?:[a-f0-9]{64})?");
    private static final Pattern HEADER = Pattern.compile("[-_A-Za-z0-9]+");

    private ExtensionRules() {}

    static void check(Field root) {
        Field spec = root.get("spec");
        switch (root.resource().kind()) {
            case "EnvoyFilter" -> envoyFilter(spec);
            case "WasmPlugin" -> wasmPlugin(spec);
            case "ProxyConfig" -> {
                spec.get("concurrency").integer(0, Integer.MAX_VALUE);
                selector(spec.get("selector"));
            }
            case "WorkloadGroup" -> workloadGroup(spec);
            default -> {
                return;
            }
        }
    }

    private static void envoyFilter(Field spec) {
        for (Field patch : spec.get("configPatches").items()) {
            Field match = patch.get("match");
            boolean waypoint = match.get("context").text("").equals("WAYPOINT");
            boolean sidecar =
                    match.has("listener")
                            || match.has("cluster")
                            || match.has("routeConfiguration");
            if (match.has("waypoint") != waypoint && (match.has("waypoint") || sidecar)) {
                match.error(
                        Code.CONTRADICTION,
                        "a waypoint match goes with context WAYPOINT, and with it alone",
                        "correct the context");
            }
            match.get("waypoint").get("portNumber").integer(1, MAX_PORT);
        }
    }

    private static void wasmPlugin(Field spec) {
        if (!spec.isPresent()) {
            spec.reportMissing();
            return;
        }
        Field url = spec.get("url");
        var parts = URL.matcher(url.text(""));
        if (!parts.matches()) {
            url.reportValue(url.text(""), "a URL with scheme http, https, file or oci");
        } else if (parts.group(1) != null && !SCHEMES.contains(parts.group(1))) {
            url.reportValue(url.text(""), "a URL with scheme http, https, file or oci");
        }
        String digest = spec.get("sha256").text("");
        if (!DIGEST.matcher(digest).matches()) {
            spec.get("sha256").reportValue(digest, "64 hexadecimal digits");
        }
        spec.get("imagePullSecret").ifPresent(SchemaRules::notEmpty);
        spec.get("pluginName").ifPresent(SchemaRules::notEmpty);
        for (Field match : spec.get("match").items()) {
            for (Field port : match.get("ports").items()) {
                if (port.get("number").integer(1, MAX_PORT).isEmpty()) {
                    port.get("number").reportMissing();
                }
            }
        }
        Field environment = spec.get("vmConfig").get("env");
        SchemaRules.unique(environment, "name");
        for (Field variable : environment.items()) {
            SchemaRules.notEmpty(variable.get("name"));
            if (variable.get("valueFrom").text("").equals("HOST")
                    && variable.get("value").isPresent()) {
                variable.get("value")
                        .error(
                                Code.CONTRADICTION,
                                "a value that comes from the host",
                                "remove value, or use valueFrom INLINE");
            }
        }
        selector(spec.get("selector"));
    }

    private static void selector(Field selector) {
        selector.get("matchLabels")
                .entries()
                .forEach((name, value) -> {
                    if (name.isEmpty()) {
                        value.error(Code.INVALID_VALUE, "a label without name", "write its name");
                    }
                    if (name.contains("*") || value.text("").contains("*")) {
                        value.error(
                                Code.INVALID_VALUE, "a wildcard in a selector", "write the label");
                    }
                });
    }

    private static void workloadGroup(Field spec) {
        if (!spec.isPresent()) {
            spec.reportMissing();
        }
        Field probe = spec.get("probe");
        probe.get("tcpSocket").get("port").integer(1, MAX_PORT);
        Field get = probe.get("httpGet");
        get.get("port").integer(1, MAX_PORT);
        for (Field header : get.get("httpHeaders").items()) {
            String name = header.get("name").text("");
            if (!HEADER.matcher(name).matches()) {
                header.get("name").reportValue(name, "letters, digits, - and _");
            }
        }
    }
}
