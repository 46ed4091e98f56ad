package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How sidecars are run: the ProxyConfig resource, {@code meshConfig.defaultConfig}, and an
 * operator's {@code values.global.proxy}. None of it decides about requests, so it is read, checked
 * and named.
 */
final class ProxyConfigReader {

    private ProxyConfigReader() {}

    /** A {@code ProxyConfig}. */
    static void read(Field root) {
        Field spec = root.get("spec");
        Map<String, String> selector = spec.get("selector").get("matchLabels").texts();
        List<String> said = new ArrayList<>();
        spec.get("concurrency")
                .integer(0, Integer.MAX_VALUE)
                .ifPresent(n -> said.add("concurrency " + n));
        Map<String, String> variables = new TreeMap<>(spec.get("environmentVariables").texts());
        if (!variables.isEmpty()) {
            said.add("environment variables " + variables.keySet());
        }
        spec.get("image").get("imageType").text().ifPresent(type -> said.add("image " + type));
        root.info(
                Code.UNDERSTOOD,
                "understood as how the sidecars of "
                        + (selector.isEmpty() ? "its namespace" : "workloads " + selector)
                        + " are started"
                        + (said.isEmpty() ? "" : ": " + String.join(", ", said))
                        + "; who starts them applies it, a running sidecar is not changed");
    }

    /** Settings of {@code meshConfig.defaultConfig} that are about running a sidecar. */
    static void running(Field proxy) {
        Field concurrency = proxy.get("concurrency");
        concurrency
                .integer(0, Integer.MAX_VALUE)
                .ifPresent(n ->
                        concurrency.info(
                                Code.UNDERSTOOD,
                                n
                                        + " worker threads, understood as how a sidecar is started;"
                                        + " who starts it applies it (weft.mesh.event-loops)"));
        hold(proxy.get("holdApplicationUntilProxyStarts"));
        resources(proxy.get("resources"));
    }

    /** An operator's {@code values}, as far as they have a meaning here. */
    static void values(Field values) {
        Field proxy = values.get("global").get("proxy");
        hold(proxy.get("holdApplicationUntilProxyStarts"));
        resources(proxy.get("resources"));
        values.accept();
    }

    private static void hold(Field hold) {
        if (hold.isPresent()) {
            boolean on = hold.bool(false);
            hold.info(
                    Code.UNDERSTOOD,
                    on
                            ? "understood: the application starts after its sidecar is ready; a"
                                    + " native sidecar container of the pod does that"
                            : "understood: the application does not wait for its sidecar");
        }
    }

    /** Requests and limits of the sidecar's container. */
    private static void resources(Field resources) {
        if (!resources.isPresent()) {
            return;
        }
        List<String> said = new ArrayList<>();
        for (String part : List.of("requests", "limits")) {
            resources
                    .get(part)
                    .entries()
                    .forEach((name, value) ->
                            value.loose()
                                    .ifPresent(
                                            amount -> said.add(part + " " + name + " " + amount)));
        }
        resources.accept();
        resources.info(
                Code.UNDERSTOOD,
                "understood as the sidecar container's resources ("
                        + String.join(", ", said)
                        + "); who injects the sidecar applies them");
    }
}
