package io.weft.images;

import java.util.List;
import java.util.Map;

/**
 * An image that is made here.
 *
 * @param reference name and tag, as manifests write it
 * @param module folder of the Maven module, below the project's root
 * @param description for people
 * @param ports that it listens on unless it is told otherwise
 * @param environment set in the image
 */
public record ImageSpec(
        String reference,
        String module,
        String description,
        List<Integer> ports,
        Map<String, String> environment) {

    public ImageSpec {
        ports = List.copyOf(ports);
        environment = Map.copyOf(environment);
        if (!reference.matches("[a-z0-9-]+/[a-z0-9-]+:[A-Za-z0-9_.-]+")) {
            throw new IllegalArgumentException(
                    "image reference: '" + reference + "' (expected: repository/name:tag)");
        }
    }

    /** The module's artifact, which is also the last part of its folder. */
    public String artifact() {
        return module.substring(module.lastIndexOf('/') + 1);
    }

    /** Name of the archive, for example {@code blog-api-v1.0.0.tar}. */
    public String archiveName() {
        return reference.replace('/', '-').replace(':', '-') + ".tar";
    }
}
