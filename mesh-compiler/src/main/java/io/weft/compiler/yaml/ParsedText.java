package io.weft.compiler.yaml;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one file. When it is parsed again, a document that has the same text at the same
 * line as before keeps its resources, the same objects. Immutable.
 */
public final class ParsedText {

    private record Document(
            DocumentSplitter.Part part,
            List<RawResource> resources,
            List<Diagnostic> diagnostics) {}

    private final List<Document> documents;
    private final List<Diagnostic> diagnostics;

    private ParsedText(List<Document> documents, List<Diagnostic> diagnostics) {
        this.documents = documents;
        this.diagnostics = diagnostics;
    }

    /**
     * Parses.
     *
     * @param defaultNamespace of resources that name none, unless their kind has none
     * @param before an earlier state of the same file, with the same default namespace
     */
    public static ParsedText of(
            String file, String text, String defaultNamespace, @Nullable ParsedText before) {
        Diagnostics whole = new Diagnostics();
        if (!new ResourceParser(whole).fits(file, text)) {
            return new ParsedText(List.of(), whole.all());
        }
        Map<DocumentSplitter.Part, Document> known = new HashMap<>();
        if (before != null) {
            before.documents.forEach(document -> known.put(document.part(), document));
        }
        List<Document> documents = new ArrayList<>();
        for (DocumentSplitter.Part part : DocumentSplitter.split(text)) {
            Document same = known.get(part);
            documents.add(same == null ? parse(file, part, defaultNamespace) : same);
        }
        return new ParsedText(documents, List.of());
    }

    private static Document parse(
            String file, DocumentSplitter.Part part, String defaultNamespace) {
        Diagnostics found = new Diagnostics();
        List<RawResource> resources = new ArrayList<>();
        new ResourceParser(found).parse(file, part, resources);
        return new Document(
                part,
                resources.stream()
                        .map(resource ->
                                resource.namespace().isEmpty()
                                                && !resource.kind().equals("Namespace")
                                        ? resource.inNamespace(defaultNamespace)
                                        : resource)
                        .toList(),
                found.all());
    }

    /** In the order of the file. */
    public List<RawResource> resources() {
        return documents.stream().flatMap(document -> document.resources().stream()).toList();
    }

    /** What is wrong with it. */
    public List<Diagnostic> diagnostics() {
        List<Diagnostic> all = new ArrayList<>(diagnostics);
        documents.forEach(document -> all.addAll(document.diagnostics()));
        return all;
    }
}
