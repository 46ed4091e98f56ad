package io.weft.compiler;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.yaml.ParsedText;
import io.weft.compiler.yaml.RawResource;
import io.weft.compiler.yaml.ResourceParser;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What stands in one file. Immutable.
 *
 * @param text its documents; null when it is not read as a whole
 * @param resources in the order of the file
 */
record ParsedFile(
        SourceFile source,
        @Nullable ParsedText text,
        List<RawResource> resources,
        List<Diagnostic> diagnostics) {

    ParsedFile {
        resources = List.copyOf(resources);
        diagnostics = List.copyOf(diagnostics);
    }

    /**
     * Parses, unless nothing has changed.
     *
     * @param before what stood in the file of that path
     */
    static ParsedFile parse(SourceFile file, String defaultNamespace, @Nullable ParsedFile before) {
        if (before != null && before.source().equals(file)) {
            return before;
        }
        Diagnostics found = new Diagnostics();
        if (!isPolicyFile(file.path())) {
            found.add(unread(file.path()));
            return new ParsedFile(file, null, List.of(), found.all());
        }
        if (file.malformedLine() > 0) {
            List<RawResource> rest =
                    new ResourceParser(found)
                            .malformed(file.path(), file.text(), file.malformedLine()).stream()
                                    .map(resource -> named(resource, defaultNamespace))
                                    .toList();
            return new ParsedFile(file, null, rest, found.all());
        }
        ParsedText text =
                ParsedText.of(
                        file.path(),
                        file.text(),
                        defaultNamespace,
                        before == null ? null : before.text());
        return new ParsedFile(file, text, text.resources(), text.diagnostics());
    }

    private static RawResource named(RawResource resource, String defaultNamespace) {
        return resource.namespace().isEmpty() && !resource.kind().equals("Namespace")
                ? resource.inNamespace(defaultNamespace)
                : resource;
    }

    private static boolean isPolicyFile(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml")
                || name.endsWith(".yml")
                || name.endsWith(".json")
                || name.endsWith(".hcl");
    }

    private static Diagnostic unread(String path) {
        return new Diagnostic(
                Code.IGNORED_KIND,
                Level.INFO,
                "",
                "",
                "",
                "",
                path,
                0,
                0,
                "",
                "not read: policies stand in .yaml, .yml, .json and .hcl files",
                "");
    }
}
