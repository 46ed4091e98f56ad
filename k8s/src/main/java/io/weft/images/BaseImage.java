package io.weft.images;

import java.nio.file.Path;

/** What an image is built upon. It has a Java runtime at {@code /opt/java/openjdk}. */
public sealed interface BaseImage {

    /** The value of {@code weft.image.base} that means {@link Local}. */
    String SCRATCH = "scratch";

    /** An image in a registry. */
    record Registry(String reference) implements BaseImage {}

    /**
     * Made here, of a JDK of this machine and the libraries that it needs: Linux only, and of this
     * machine's architecture.
     */
    record Local(Path javaHome) implements BaseImage {}

    /** Reads the property. */
    static BaseImage of(String property, Path javaHome) {
        return property.equals(SCRATCH) ? new Local(javaHome) : new Registry(property);
    }
}
