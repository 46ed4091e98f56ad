package io.weft.compiler.yaml;

import io.weft.model.Dialect;
import io.weft.model.Origin;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A resource as it is written. Immutable; reading happens through a {@link Field} from {@link
 * #open}.
 */
public final class RawResource {

    private final String apiVersion;
    private final String kind;
    private final String namespace;
    private final String name;
    private final Map<String, String> labels;
    private final Map<String, String> annotations;
    private final String file;
    private final int line;
    private final String creationTimestamp;
    private final YamlNode.Mapping tree;
    private final String group;
    private final String id;

    RawResource(
            String apiVersion,
            String kind,
            String namespace,
            String name,
            Map<String, String> labels,
            Map<String, String> annotations,
            String file,
            int line,
            String creationTimestamp,
            YamlNode.Mapping tree) {
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.namespace = namespace;
        this.name = name;
        this.labels = Map.copyOf(labels);
        this.annotations = Map.copyOf(annotations);
        this.file = file;
        this.line = line;
        this.creationTimestamp = creationTimestamp;
        this.tree = tree;
        int slash = apiVersion.indexOf('/');
        this.group = slash < 0 ? "" : apiVersion.substring(0, slash);
        this.id = group + "/" + kind + " " + namespace + "/" + name;
    }

    public String apiVersion() {
        return apiVersion;
    }

    /** The API version without its group: {@code v1beta1}. */
    public String version() {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }

    /** The API group, empty for the core one. */
    public String group() {
        return group;
    }

    public String kind() {
        return kind;
    }

    /** As written; empty where none is. */
    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }

    public Map<String, String> labels() {
        return labels;
    }

    public Map<String, String> annotations() {
        return annotations;
    }

    public String file() {
        return file;
    }

    /** 1-based line where the document starts. */
    public int line() {
        return line;
    }

    /** As written; empty where it is not. RFC 3339 texts sort by time. */
    public String creationTimestamp() {
        return creationTimestamp;
    }

    /** {@code Kind namespace/name}, unique in a configuration. */
    public String id() {
        return id;
    }

    /** The same resource in the given namespace. */
    public RawResource inNamespace(String other) {
        return Objects.equals(namespace, other)
                ? this
                : new RawResource(
                        apiVersion,
                        kind,
                        other,
                        name,
                        labels,
                        annotations,
                        file,
                        line,
                        creationTimestamp,
                        tree);
    }

    /** The origin of the resource as a whole. */
    public Origin origin(Dialect dialect) {
        return new Origin(dialect, kind, namespace, name, file, line);
    }

    /** A quick look at a text, without a trace in what has been read; null where there is none. */
    public @Nullable String peek(String... path) {
        YamlNode node = tree;
        for (String name : path) {
            YamlNode.Entry entry =
                    node instanceof YamlNode.Mapping mapping ? mapping.entries().get(name) : null;
            if (entry == null) {
                return null;
            }
            node = entry.value();
        }
        return node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    }

    YamlNode.Mapping tree() {
        return tree;
    }
}
