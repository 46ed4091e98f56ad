package io.weft.compiler.analysis;

import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.analysis.istio.IstioChecks;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.yaml.RawResource;
import io.weft.compiler.yaml.ResourceParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs one of Istio's checks alone, as its conformance cases ask for. */
public final class AnalysisCases {

    private AnalysisCases() {}

    public static boolean knows(String check) {
        return IstioChecks.all().containsKey(check);
    }

    public static List<Diagnostic> run(String check, List<SourceFile> files) {
        // The cases leave out namespaces, which the catalogue cannot do without.
        CompilerOptions options = CompilerOptions.DEFAULT;
        ResourceParser parser = new ResourceParser(new Diagnostics());
        List<RawResource> resources = new ArrayList<>();
        files.forEach(file -> resources.addAll(parser.parse(file.path(), file.text())));
        return Analyzer.run(
                resources,
                MeshCompiler.compile(files, options).catalog(),
                options.rootNamespace(),
                name -> false,
                List.of(Objects.requireNonNull(Map.copyOf(IstioChecks.all()).get(check))));
    }
}
