package io.weft.compiler.yaml;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.model.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a file (YAML or JSON, any number of documents, {@code List} kinds unfolded)
 * into resources. Everything that is wrong with one document is reported and the others are still
 * read. For one thread.
 */
public final class ResourceParser {

    /** Characters that a file may have. */
    public static final int MAX_FILE_SIZE = 10 * 1024 * 1024;

    private final Diagnostics diagnostics;

    public ResourceParser(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** The resources of a file, in its order. */
    public List<RawResource> parse(String file, String text) {
        List<RawResource> resources = new ArrayList<>();
        if (fits(file, text)) {
            DocumentSplitter.split(text).forEach(part -> parse(file, part, resources));
        }
        return resources;
    }

    /** Whether the file is small enough to be read; reports it when not. */
    boolean fits(String file, String text) {
        if (text.length() > MAX_FILE_SIZE) {
            report(
                    Code.TOO_LARGE,
                    file,
                    1,
                    1,
                    "",
                    text.length() + " characters (expected: at most " + MAX_FILE_SIZE + ")",
                    "split the file");
            return false;
        }
        return true;
    }

    /** Reads one document of a file. */
    void parse(String file, DocumentSplitter.Part part, List<RawResource> into) {
        if (file.toLowerCase(Locale.ROOT).endsWith(".hcl")) {
            hcl(file, part, into);
            return;
        }
        for (YamlNode document : read(file, part.text(), part.lineOffset())) {
            unfold(file, document, into);
        }
    }

    private void hcl(String file, DocumentSplitter.Part part, List<RawResource> into) {
        try {
            unfold(file, HclReader.read(part.text(), part.lineOffset()), into);
        } catch (HclReader.Malformed e) {
            report(
                    Code.INVALID_VALUE,
                    file,
                    e.line,
                    1,
                    "",
                    "no HCL: " + e.getMessage(),
                    "correct the text");
        }
    }

    /**
     * The resources of a file that is not all UTF-8: its other documents are still read.
     *
     * @param text with U+FFFD in place of what is not; empty when nothing of it is
     * @param line where that begins
     */
    public List<RawResource> malformed(String file, String text, int line) {
        List<RawResource> resources = new ArrayList<>();
        boolean told = false;
        if (!text.isEmpty() && fits(file, text)) {
            for (DocumentSplitter.Part part : DocumentSplitter.split(text)) {
                int at = part.text().indexOf('\ufffd');
                if (at < 0) {
                    parse(file, part, resources);
                    continue;
                }
                String before = part.text().substring(0, at);
                int inPart = (int) before.chars().filter(c -> c == '\n').count();
                notUtf8(file, part.lineOffset() + inPart + 1, at - before.lastIndexOf('\n'));
                told = true;
            }
        }
        if (!told) {
            notUtf8(file, line, 1);
        }
        return resources;
    }

    private void notUtf8(String file, int line, int column) {
        report(
                Code.NOT_UTF8,
                file,
                line,
                column,
                "",
                "bytes that are not UTF-8 (expected: UTF-8; not UTF-16, not Latin-1)",
                "save the file as UTF-8");
    }

    /**
     * Reads a document that stands inside a field (as ConfigMaps hold them), in the name of its
     * resource; null when it is empty or broken, which is reported.
     */
    public @Nullable Field embedded(Field holder) {
        String text = holder.text("");
        // A block scalar starts at its indicator; its first line of text is the next one.
        int offset = text.contains("\n") ? holder.location().line() : holder.location().line() - 1;
        List<YamlNode> documents = read(holder.location().file(), text, offset);
        return documents.isEmpty() ? null : holder.embed(documents.getFirst());
    }

    /**
     * Reads a file of its own kind that is one mapping, without {@code apiVersion}, {@code kind}
     * and {@code metadata}; null when it is empty or broken, which is reported.
     *
     * @param kind what diagnostics call it
     * @param name and its name
     */
    public @Nullable Field document(String file, String kind, String name, String text) {
        List<YamlNode> documents = read(file, text, 0);
        if (documents.isEmpty() || !(documents.getFirst() instanceof YamlNode.Mapping mapping)) {
            report(Code.NOT_A_RESOURCE, file, 1, 1, "", "not a mapping", "write a " + kind);
            return null;
        }
        if (documents.size() > 1) {
            YamlNode second = documents.get(1);
            report(
                    Code.NOT_A_RESOURCE,
                    file,
                    second.line(),
                    second.column(),
                    "",
                    "a second document (expected: one)",
                    "keep one document in the file");
        }
        RawResource holder =
                new RawResource(
                        "", kind, "", name, Map.of(), Map.of(), file, mapping.line(), "", mapping);
        return Field.open(holder, Dialect.WEFT, diagnostics).embed(mapping);
    }

    /**
     * Reads HCL, or JSON, that stands inside a field (as the ConfigMaps of Consul's servers hold
     * it); null when it is broken, which is reported.
     */
    public @Nullable Field embeddedHcl(Field holder) {
        String text = holder.text("");
        if (text.strip().startsWith("{")) {
            return embedded(holder);
        }
        int offset = text.contains("\n") ? holder.location().line() : holder.location().line() - 1;
        try {
            return holder.embed(HclReader.read(text, offset));
        } catch (HclReader.Malformed e) {
            holder.reportHcl(e.line, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /**
     * Reads Consul's configuration entries ({@code kind = "service-router"}) that stand in a list
     * or alone inside another document, as resources.
     */
    public List<RawResource> configEntries(Field holder) {
        List<RawResource> found = new ArrayList<>();
        for (YamlNode.Mapping entry : holder.mappings()) {
            if (ConfigEntryForm.isEntry(entry)) {
                unfold(holder.location().file(), entry, found);
            }
        }
        return found;
    }

    private List<YamlNode> read(String file, String text, int lineOffset) {
        return new DocumentReader(
                        lineOffset,
                        (code, line, column, value, message, mend) ->
                                report(code, file, line, column, value, message, mend))
                .read(text);
    }

    private void unfold(String file, YamlNode document, List<RawResource> into) {
        if (document instanceof YamlNode.Scalar scalar
                && scalar.kind() == YamlNode.ScalarKind.NULL) {
            return;
        }
        if (!(document instanceof YamlNode.Mapping mapping)) {
            report(
                    Code.NOT_A_RESOURCE,
                    file,
                    document.line(),
                    document.column(),
                    "",
                    "the document is " + document.describe() + " (expected: a mapping)",
                    "write apiVersion, kind and metadata");
            return;
        }
        if (ConfigEntryForm.isEntry(mapping)) {
            YamlNode.Mapping resource = ConfigEntryForm.resource(mapping);
            resource(file, resource, text(resource, "kind"), into);
            return;
        }
        if (HelmValuesForm.isConsul(mapping)) {
            YamlNode.Mapping resource = HelmValuesForm.resource(mapping);
            resource(file, resource, text(resource, "kind"), into);
            return;
        }
        if (file.endsWith(".json") && !isResource(mapping)) {
            diagnostics.add(
                    new Diagnostic(
                            Code.IGNORED_KIND,
                            Level.INFO,
                            "",
                            "",
                            "",
                            "",
                            file,
                            mapping.line(),
                            mapping.column(),
                            "",
                            "ignored: JSON that is no resource (it has neither apiVersion nor kind)",
                            ""));
            return;
        }
        String kind = text(mapping, "kind");
        YamlNode.Entry items = mapping.entries().get("items");
        if (kind.endsWith("List") && items != null) {
            if (items.value() instanceof YamlNode.Sequence sequence) {
                sequence.items().forEach(item -> unfold(file, item, into));
            }
            return;
        }
        resource(file, mapping, kind, into);
    }

    /** Dashboards and the like stand in the same repositories. */
    private static boolean isResource(YamlNode.Mapping mapping) {
        return mapping.entries().containsKey("apiVersion") || mapping.entries().containsKey("kind");
    }

    private void resource(
            String file, YamlNode.Mapping mapping, String kind, List<RawResource> into) {
        YamlNode.Entry entry = mapping.entries().get("metadata");
        YamlNode.Mapping metadata =
                entry != null && entry.value() instanceof YamlNode.Mapping found ? found : null;
        String name = metadata == null ? "" : text(metadata, "name");
        String apiVersion = text(mapping, "apiVersion");
        List<String> missing = new ArrayList<>();
        if (apiVersion.isEmpty()) {
            missing.add("apiVersion");
        }
        if (kind.isEmpty()) {
            missing.add("kind");
        }
        if (name.isEmpty() && metadata != null && !text(metadata, "generateName").isEmpty()) {
            name = text(metadata, "generateName");
        }
        if (name.isEmpty()) {
            missing.add("metadata.name");
        }
        if (!missing.isEmpty()) {
            diagnostics.add(
                    new Diagnostic(
                            Code.NOT_A_RESOURCE,
                            Level.ERROR,
                            kind,
                            "",
                            name,
                            String.join(", ", missing),
                            file,
                            mapping.line(),
                            mapping.column(),
                            "",
                            "missing (expected: a text)",
                            "add " + String.join(", ", missing)));
            return;
        }
        into.add(
                new RawResource(
                        apiVersion,
                        kind,
                        metadata == null ? "" : text(metadata, "namespace"),
                        name,
                        texts(metadata, "labels"),
                        texts(metadata, "annotations"),
                        file,
                        mapping.line(),
                        metadata == null ? "" : text(metadata, "creationTimestamp"),
                        mapping));
    }

    private static String text(YamlNode.Mapping mapping, String key) {
        YamlNode.Entry entry = mapping.entries().get(key);
        return entry != null
                        && entry.value() instanceof YamlNode.Scalar scalar
                        && scalar.kind() != YamlNode.ScalarKind.NULL
                ? scalar.text()
                : "";
    }

    private static Map<String, String> texts(YamlNode.@Nullable Mapping metadata, String key) {
        Map<String, String> texts = new TreeMap<>();
        YamlNode.Entry entry = metadata == null ? null : metadata.entries().get(key);
        if (entry != null && entry.value() instanceof YamlNode.Mapping mapping) {
            mapping.entries().keySet().forEach(name -> texts.put(name, text(mapping, name)));
        }
        return texts;
    }

    private void report(
            Code code,
            String file,
            int line,
            int column,
            String value,
            String message,
            String mend) {
        diagnostics.add(
                new Diagnostic(
                        code,
                        Level.ERROR,
                        "",
                        "",
                        "",
                        "",
                        file,
                        line,
                        column,
                        value,
                        message,
                        mend));
    }
}
