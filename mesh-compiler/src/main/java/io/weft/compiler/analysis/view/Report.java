package io.weft.compiler.analysis.view;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.DiagnosticCode;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what checks find. A finding that its resource suppresses by annotation is left out, and
 * equal findings about one resource count once. For one thread.
 */
public final class Report {

    /** Names codes, with commas between them, or {@code *}. */
    public static final String SUPPRESS = "galley.istio.io/analyze-suppress";

    private record Same(DiagnosticCode code, String resource, String message) {}

    private final List<Diagnostic> found = new ArrayList<>();
    private final Set<Same> seen = new HashSet<>();

    /** One of Istio's messages with its arguments, at the place of a field. */
    public void add(IstioCode code, Field at, Object... arguments) {
        RawResource resource = at.resource();
        addAs(code, resource.kind(), resource.namespace(), resource.name(), at, arguments);
    }

    /** One of Istio's messages about a resource that stands inside another one. */
    public void addAs(
            IstioCode code, String kind, String namespace, String name, Field at, Object... args) {
        add(at, code, code.level(), kind, namespace, name, "", code.text(args), "");
    }

    /** A check itself went wrong, so that what it looks for is not known. */
    public void failed(String detail) {
        IstioCode code = IstioCode.INTERNAL_ERROR;
        found.add(
                new Diagnostic(
                        code,
                        code.level(),
                        "",
                        "",
                        "",
                        "",
                        "",
                        0,
                        0,
                        "",
                        code.text(detail),
                        "report it with the files, and leave them out one by one to find which"
                                + " it is"));
    }

    /** A finding of Weft's own; the level is never ERROR, since analysis refuses no commit. */
    public void warn(Code code, Field at, String message, String mend) {
        own(code, Level.WARNING, at, message, mend);
    }

    /** A finding of Weft's own that is good to know. */
    public void info(Code code, Field at, String message, String mend) {
        own(code, Level.INFO, at, message, mend);
    }

    private void own(Code code, Level level, Field at, String message, String mend) {
        RawResource resource = at.resource();
        add(
                at,
                code,
                level,
                resource.kind(),
                resource.namespace(),
                resource.name(),
                at.path(),
                message,
                mend);
    }

    private void add(
            Field at,
            DiagnosticCode code,
            Level level,
            String kind,
            String namespace,
            String name,
            String path,
            String message,
            String mend) {
        if (suppressed(code, at.resource().annotations())
                || !seen.add(new Same(code, kind + namespace + "/" + name, path + message))) {
            return;
        }
        found.add(
                new Diagnostic(
                        code,
                        level,
                        kind,
                        namespace,
                        name,
                        path,
                        at.location().file(),
                        at.location().line(),
                        at.location().column(),
                        "",
                        message,
                        mend));
    }

    /** Whether a resource's annotations say that it does not want to hear this code. */
    public static boolean suppressed(DiagnosticCode code, Map<String, String> annotations) {
        String listed = annotations.getOrDefault(SUPPRESS, "");
        for (String one : listed.split(",", -1)) {
            if (one.strip().equals("*") || one.strip().equals(code.id())) {
                return true;
            }
        }
        return false;
    }

    /** In the order in which they were found. */
    public List<Diagnostic> findings() {
        return List.copyOf(found);
    }
}
