package io.weft.compiler.dialect.consul.chain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What ServiceDefaults and ProxyDefaults say that chains depend on; empty is what is not said.
 *
 * @param meshGateway its mode
 * @param extensions names of Envoy extensions
 */
public record ServiceSettings(
        String protocol,
        String externalSni,
        String meshGateway,
        boolean dialedDirectly,
        Map<String, String> meta,
        List<String> extensions) {

    public static final ServiceSettings NONE =
            new ServiceSettings("", "", "", false, Map.of(), List.of());

    public ServiceSettings {
        meta = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(meta));
        extensions = List.copyOf(extensions);
    }
}
