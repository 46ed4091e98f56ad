package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a sidecar injector is configured to do.
 *
 * @param revision of the control plane, {@code default} unless labelled
 * @param everyNamespace whether namespaces are injected without asking
 * @param image the proxy's, empty when it is not said
 */
record Injector(String revision, boolean everyNamespace, String image) {

    static final String INJECTION = "istio-injection";
    static final String REVISION = "istio.io/rev";
    static final String AMBIENT = "istio.io/dataplane-mode";
    static final String POD = "sidecar.istio.io/inject";

    static List<Injector> all(MeshView mesh) {
        List<Injector> injectors = new ArrayList<>();
        for (Field map : mesh.all("", "ConfigMap")) {
            if (map.resource().name().startsWith("istio-sidecar-injector")) {
                injectors.add(read(mesh, map));
            }
        }
        return injectors;
    }

    private static Injector read(MeshView mesh, Field map) {
        Field values = mesh.parse(map.get("data").get("values"));
        Field webhook = values.get("sidecarInjectorWebhook");
        Field global = values.get("global");
        String name = global.get("proxy").get("image").text("");
        String image =
                name.isEmpty() || name.contains("/")
                        ? name
                        : global.get("hub").text("")
                                + "/"
                                + name
                                + ":"
                                + global.get("tag").loose().orElse("");
        return new Injector(
                map.resource().labels().getOrDefault(REVISION, "default"),
                webhook.get("enableNamespacesByDefault").bool(false),
                image);
    }

    /** The proxy containers of a pod; newer clusters run them as init containers. */
    static Stream<Field> proxies(Field spec) {
        return Stream.concat(
                        spec.get("containers").items().stream(),
                        spec.get("initContainers").items().stream())
                .filter(container -> container.get("name").text("").equals("istio-proxy"));
    }
}
