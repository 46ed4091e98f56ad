package io.weft.compiler.yaml;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Consul's configuration entries as its API, its files and its server's configuration write them
 * ({@code Kind: service-router} with PascalCase or snake_case members), turned into the Kubernetes
 * resource of the same meaning. Every value keeps its place in the file.
 */
final class ConfigEntryForm {

    private static final String API_VERSION = "consul.hashicorp.com/v1alpha1";

    private static final Map<String, String> KINDS =
            Map.ofEntries(
                    Map.entry("service-intentions", "ServiceIntentions"),
                    Map.entry("service-defaults", "ServiceDefaults"),
                    Map.entry("service-resolver", "ServiceResolver"),
                    Map.entry("service-splitter", "ServiceSplitter"),
                    Map.entry("service-router", "ServiceRouter"),
                    Map.entry("proxy-defaults", "ProxyDefaults"),
                    Map.entry("mesh", "Mesh"),
                    Map.entry("ingress-gateway", "IngressGateway"),
                    Map.entry("terminating-gateway", "TerminatingGateway"),
                    Map.entry("exported-services", "ExportedServices"),
                    Map.entry("sameness-group", "SamenessGroup"),
                    Map.entry("jwt-provider", "JWTProvider"),
                    Map.entry("api-gateway", "APIGateway"),
                    Map.entry("http-route", "HTTPRoute"),
                    Map.entry("tcp-route", "TCPRoute"),
                    Map.entry("inline-certificate", "InlineCertificate"),
                    Map.entry("control-plane-request-limit", "ControlPlaneRequestLimit"));

    /** Members whose own members bear free names, and whose values are known again. */
    private static final Set<String> FREE_NAMES = Set.of("subsets", "failover");

    /** Members in which every name is free. */
    private static final Set<String> OPAQUE = Set.of("meta", "config", "set", "add", "arguments");

    /** Abbreviations that keep their capitals where they do not come first. */
    private static final Set<String> CAPITALS = Set.of("sni", "ip", "json", "tls");

    private static final Pattern WORD_END = Pattern.compile("_");

    private ConfigEntryForm() {}

    /** Whether it is such an entry, and not a resource. */
    static boolean isEntry(YamlNode.Mapping mapping) {
        return !mapping.entries().containsKey("apiVersion") && KINDS.containsKey(kind(mapping));
    }

    private static String kind(YamlNode.Mapping mapping) {
        String kind = text(mapping, "Kind");
        return kind.isEmpty() ? text(mapping, "kind") : kind;
    }

    /** The resource of the same meaning: {@code apiVersion}, {@code kind}, names and spec. */
    static YamlNode.Mapping resource(YamlNode.Mapping entry) {
        String kind = KINDS.getOrDefault(kind(entry), kind(entry));
        Map<String, YamlNode.Entry> spec = members(entry);
        spec.remove("kind");
        YamlNode.Entry name = spec.remove("name");
        YamlNode.Entry namespace = spec.remove("namespace");
        Map<String, YamlNode.Entry> metadata = new LinkedHashMap<>();
        if (name != null) {
            metadata.put("name", name);
        }
        if (namespace != null) {
            metadata.put("namespace", namespace);
        }
        if (kind.equals("ServiceIntentions") && name != null) {
            spec.put("destination", at(entry, new LinkedHashMap<>(metadata)));
        }
        Map<String, YamlNode.Entry> resource = new LinkedHashMap<>();
        resource.put("apiVersion", scalar(entry, API_VERSION));
        resource.put("kind", scalar(entry, kind));
        resource.put("metadata", at(entry, metadata));
        resource.put("spec", at(entry, spec));
        return new YamlNode.Mapping(resource, entry.line(), entry.column());
    }

    private static YamlNode.Entry at(YamlNode place, Map<String, YamlNode.Entry> entries) {
        return new YamlNode.Entry(
                new YamlNode.Mapping(entries, place.line(), place.column()),
                place.line(),
                place.column());
    }

    private static YamlNode.Entry scalar(YamlNode place, String text) {
        return new YamlNode.Entry(
                new YamlNode.Scalar(text, YamlNode.ScalarKind.STRING, place.line(), place.column()),
                place.line(),
                place.column());
    }

    private static YamlNode renamed(YamlNode node) {
        return switch (node) {
            case YamlNode.Mapping mapping ->
                    new YamlNode.Mapping(members(mapping), mapping.line(), mapping.column());
            case YamlNode.Sequence list ->
                    new YamlNode.Sequence(
                            list.items().stream().map(ConfigEntryForm::renamed).toList(),
                            list.line(),
                            list.column());
            case YamlNode.Scalar scalar -> scalar;
        };
    }

    private static Map<String, YamlNode.Entry> members(YamlNode.Mapping mapping) {
        Map<String, YamlNode.Entry> members = new LinkedHashMap<>();
        mapping.entries()
                .forEach((written, entry) -> {
                    String name = camel(written);
                    YamlNode value = entry.value();
                    if (FREE_NAMES.contains(name) && value instanceof YamlNode.Mapping free) {
                        value = withFreeNames(free);
                    } else if (!OPAQUE.contains(name)) {
                        value = renamed(value);
                    }
                    members.put(name, new YamlNode.Entry(value, entry.line(), entry.column()));
                });
        return members;
    }

    private static YamlNode withFreeNames(YamlNode.Mapping mapping) {
        Map<String, YamlNode.Entry> members = new LinkedHashMap<>();
        mapping.entries()
                .forEach((name, entry) ->
                        members.put(
                                name,
                                new YamlNode.Entry(
                                        renamed(entry.value()), entry.line(), entry.column())));
        return new YamlNode.Mapping(members, mapping.line(), mapping.column());
    }

    /**
     * {@code PathExact}, {@code path_exact} and {@code HTTP} as {@code pathExact} and {@code http}.
     */
    static String camel(String name) {
        if (name.contains("_")) {
            StringBuilder text = new StringBuilder();
            for (String word : WORD_END.split(name, 0)) {
                if (text.isEmpty() || word.isEmpty()) {
                    text.append(word);
                } else if (CAPITALS.contains(word)) {
                    text.append(word.toUpperCase(Locale.ROOT));
                } else {
                    text.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
                }
            }
            return text.toString();
        }
        int capitals = 0;
        while (capitals < name.length() && Character.isUpperCase(name.charAt(capitals))) {
            capitals++;
        }
        // The last of several capitals begins the next word: TLSMinVersion is tls + MinVersion.
        int first = capitals > 1 && capitals < name.length() ? capitals - 1 : capitals;
        return name.substring(0, first).toLowerCase(Locale.ROOT) + name.substring(first);
    }

    private static String text(YamlNode.Mapping mapping, String key) {
        YamlNode.Entry entry = mapping.entries().get(key);
        return entry != null && entry.value() instanceof YamlNode.Scalar scalar
                ? scalar.text()
                : "";
    }
}
