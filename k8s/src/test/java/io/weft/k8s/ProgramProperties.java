package io.weft.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weft.images.ImageCatalog;
import io.weft.images.ImageSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The variables that a program reads, in the form in which Spring looks for them.
 *
 * @param names patterns of whole names
 * @param prefix of the program's own properties, null when it has no class for them
 */
record ProgramProperties(Set<String> names, @Nullable String prefix, @Nullable Class<?> own) {

    private static final Map<String, ProgramProperties> KNOWN = new ConcurrentHashMap<>();
    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\$\\{([A-Za-z][A-Za-z0-9_.-]*)[:}]");
    private static final Pattern LITERAL =
            Pattern.compile("\"([a-z]+(?:\\.[a-z0-9-]+){2,}|[A-Z][A-Z0-9_]{2,})\"");
    private static final Set<String> OF_THE_PLATFORM =
            Set.of("JAVA_TOOL_OPTIONS", "OTEL_EXPORTER_OTLP_ENDPOINT", "SPRING_CONFIG_IMPORT");
    private static final Set<String> SPRING = spring();

    /** Of an image that is made here; empty for others. */
    static Optional<ProgramProperties> ofImage(String image) {
        return ImageCatalog.all().stream()
                .filter(each -> each.reference().equals(image))
                .map(each -> KNOWN.computeIfAbsent(image, key -> of(each)))
                .findFirst();
    }

    private static ProgramProperties of(ImageSpec image) {
        Set<String> names = new TreeSet<>(SPRING);
        OF_THE_PLATFORM.forEach(name -> names.add(Pattern.quote(name)));
        Path sources = Project.ROOT.resolve(image.module()).resolve("src/main");
        if (!Files.isDirectory(sources)) {
            throw new IllegalStateException(sources + " (expected: the sources of " + image + ")");
        }
        names.addAll(mentioned(sources));
        String prefix = prefix(image.artifact());
        if (prefix == null) {
            return new ProgramProperties(names, null, null);
        }
        Class<?> own = own(image.artifact());
        names.addAll(components(variable(prefix), own));
        logins(image.artifact())
                .forEach((at, type) -> names.addAll(components(variable(at), type(type))));
        return new ProgramProperties(names, prefix, own);
    }

    private static @Nullable String prefix(String artifact) {
        return switch (artifact) {
            case "mesh-agent", "gateway-service" -> "weft.mesh";
            case "policy-service" -> "weft.policy";
            case "config-service" -> "weft.config";
            default -> null;
        };
    }

    /** Where a program has properties of logins, and their class. */
    private static Map<String, String> logins(String artifact) {
        return switch (artifact) {
            case "gateway-service" ->
                    Map.of("weft.gateway", "io.weft.gateway.login.LoginProperties");
            case "policy-service" ->
                    Map.of(
                            "weft.policy.api.login",
                            "io.weft.policy.api.LoginConfiguration$Properties");
            default -> Map.of();
        };
    }

    private static Class<?> own(String artifact) {
        return type(
                switch (artifact) {
                    case "policy-service" -> "io.weft.policy.PolicyProperties";
                    case "config-service" -> "io.weft.config.ConfigServiceProperties";
                    default -> "io.weft.spring.MeshProperties";
                });
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name + " is not on the class path", e);
        }
    }

    /** Names among the given that the program does not read, in their order. */
    List<String> unknown(Collection<String> variables) {
        return variables.stream()
                .filter(variable -> names.stream().noneMatch(variable::matches))
                .toList();
    }

    /** Binds the program's own properties as it does itself; throws when a value is not taken. */
    void bind(Map<String, String> variables) {
        if (prefix == null || own == null) {
            return;
        }
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().stream()
                .toList()
                .forEach(each -> environment.getPropertySources().remove(each.getName()));
        environment
                .getPropertySources()
                .addFirst(
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.copyOf(variables)));
        ConfigurationPropertySources.attach(environment);
        Binder.get(environment).bindOrCreate(prefix, Bindable.of(own));
    }

    /** Components of a record and of the records in it: lists by number, maps by any key. */
    private static Set<String> components(String prefix, Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + "_" + component.getName().toUpperCase(Locale.ROOT);
            names.addAll(component(name, component.getGenericType()));
        }
        return names;
    }

    private static Set<String> component(String name, Type type) {
        if (type instanceof ParameterizedType generic) {
            Type element =
                    generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            boolean map = generic.getRawType() == Map.class;
            if (element instanceof Class<?> record && record.isRecord()) {
                return components(name + (map ? "_[A-Z0-9_]+" : "_[0-9]+"), record);
            }
            if (map) {
                return Set.of(name + "_[A-Z0-9_]+");
            }
            return Set.of(name, name + "_[0-9]+");
        }
        return type instanceof Class<?> record && record.isRecord()
                ? components(name, record)
                : Set.of(name);
    }

    /** What the program's configuration files and sources name. */
    private static Set<String> mentioned(Path sources) {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.toString();
                if (name.endsWith(".java")) {
                    find(LITERAL, file, names);
                } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
                    find(PLACEHOLDER, file, names);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    private static void find(Pattern pattern, Path file, Set<String> names) {
        for (Matcher matcher = pattern.matcher(Project.text(file)); matcher.find(); ) {
            names.add(Pattern.quote(variable(matcher.group(1))));
        }
    }

    /** What Spring's own modules declare in their metadata. */
    private static Set<String> spring() {
        Set<String> names = new TreeSet<>();
        ObjectMapper mapper = new ObjectMapper();
        try {
            for (URL url :
                    Collections.list(
                            ProgramProperties.class
                                    .getClassLoader()
                                    .getResources("META-INF/spring-configuration-metadata.json"))) {
                try (InputStream content = url.openStream()) {
                    for (JsonNode property : mapper.readTree(content).path("properties")) {
                        String name = Pattern.quote(variable(property.path("name").asText()));
                        String type = property.path("type").asText();
                        names.add(type.startsWith("java.util.Map") ? name + "_.+" : name);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    private static String variable(String property) {
        return property.replace('.', '_').replace("-", "").toUpperCase(Locale.ROOT);
    }
}
