package io.weft.images;

import java.util.List;
import java.util.Map;

/** Every image of the project. Names of the blog's are those of its deployment files. */
public final class ImageCatalog {

    private static final String VERSION = "0.1.0";

    private static final List<ImageSpec> ALL =
            List.of(
                    mesh("config-service", "Configuration from Git", 8888),
                    mesh("policy-service", "Control plane", 8080, 15010, 15012),
                    mesh("gateway-service", "Ingress gateway", 8080, 8443, 15021, 15090),
                    mesh("mesh-agent", "Sidecar", 15001, 15021, 15090),
                    blogApi("v1"),
                    blogApi("v2"),
                    blog("user-service", "user-service", 9090),
                    blog("frontend", "blog-frontend", 3000),
                    blog("static-files", "static-files", 80),
                    blog("auth-server", "auth-server", 9000));

    private ImageCatalog() {}

    /** In the order in which they are made. */
    public static List<ImageSpec> all() {
        return ALL;
    }

    private static ImageSpec mesh(String module, String description, Integer... ports) {
        return new ImageSpec(
                "weft/" + module + ":" + VERSION,
                module,
                "Weft: " + description,
                List.of(ports),
                Map.of());
    }

    /** The same program twice: the version is a property of it. */
    private static ImageSpec blogApi(String version) {
        return new ImageSpec(
                "blog/api:" + version + ".0.0",
                "blog-demo/blog-api",
                "The blog: blog-api " + version,
                List.of(8080),
                Map.of("BLOG_VERSION", version));
    }

    private static ImageSpec blog(String name, String module, int port) {
        return new ImageSpec(
                "blog/" + name + ":v1.0.0",
                "blog-demo/" + module,
                "The blog: " + module,
                List.of(port),
                Map.of());
    }
}
