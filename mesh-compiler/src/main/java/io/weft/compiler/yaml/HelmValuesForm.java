package io.weft.compiler.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The values of Consul's Helm chart, which have neither kind nor name, as a resource {@code
 * HelmValues} of Consul's group. Every value keeps its place in the file.
 */
final class HelmValuesForm {

    /** Members of the chart that no other chart has beside {@code global}. */
    private static final Set<String> CONSULS_OWN =
            Set.of(
                    "connectInject",
                    "syncCatalog",
                    "meshGateway",
                    "ingressGateways",
                    "terminatingGateways",
                    "controller");

    private HelmValuesForm() {}

    static boolean isConsul(YamlNode.Mapping mapping) {
        return !mapping.entries().containsKey("apiVersion")
                && !mapping.entries().containsKey("kind")
                && mapping.entries().containsKey("global")
                && mapping.entries().keySet().stream().anyMatch(CONSULS_OWN::contains);
    }

    static YamlNode.Mapping resource(YamlNode.Mapping values) {
        Map<String, YamlNode.Entry> members = new LinkedHashMap<>();
        members.put("apiVersion", scalar(values, "consul.hashicorp.com/v1alpha1"));
        members.put("kind", scalar(values, "HelmValues"));
        Map<String, YamlNode.Entry> metadata = new LinkedHashMap<>();
        metadata.put("name", scalar(values, "consul"));
        members.put("metadata", entry(values, new YamlNode.Mapping(metadata, values.line(), 1)));
        members.put("spec", entry(values, values));
        return new YamlNode.Mapping(members, values.line(), values.column());
    }

    private static YamlNode.Entry scalar(YamlNode place, String text) {
        return entry(
                place,
                new YamlNode.Scalar(
                        text, YamlNode.ScalarKind.STRING, place.line(), place.column()));
    }

    private static YamlNode.Entry entry(YamlNode place, YamlNode value) {
        return new YamlNode.Entry(value, place.line(), place.column());
    }
}
