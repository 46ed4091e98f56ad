package io.weft.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

/**
 * Keeps back property files that would have this server read something else. Spring Boot follows
 * {@code spring.config.import} while it loads a file, and would do so here, on the server: to any
 * URL, and with the server's environment variables in its placeholders. Whoever may commit is not
 * thereby trusted with the server's network and secrets.
 */
final class PropertyFileCheck {

    private static final Logger log = LoggerFactory.getLogger(PropertyFileCheck.class);

    private PropertyFileCheck() {}

    /**
     * Whether {@code file} can be served; one that cannot be parsed can: loading it gives the error
     * its caller must see.
     */
    static boolean isServable(Path file, String name) {
        boolean yaml = name.endsWith(".yml") || name.endsWith(".yaml");
        PropertySourceLoader loader =
                yaml ? new YamlPropertySourceLoader() : new PropertiesPropertySourceLoader();
        try {
            for (PropertySource<?> document : loader.load(name, new FileSystemResource(file))) {
                if (document instanceof EnumerablePropertySource<?> enumerable
                        && imports(enumerable)) {
                    log.warn(
                            "{}: spring.config.import (expected: not in a file that is served, it would be"
                                    + " followed by the server); not served",
                            name);
                    return false;
                }
            }
            return true;
        } catch (IOException | RuntimeException e) {
            return true;
        }
    }

    /** Relaxed names as Boot reads them: case and dashes do not matter. */
    private static boolean imports(EnumerablePropertySource<?> document) {
        for (String name : document.getPropertyNames()) {
            String canonical = name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
            if (canonical.startsWith("spring.config.import")) {
                return true;
            }
        }
        return false;
    }
}
