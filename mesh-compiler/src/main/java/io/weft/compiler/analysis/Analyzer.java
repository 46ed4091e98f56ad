package io.weft.compiler.analysis;

import io.weft.compiler.analysis.istio.IstioChecks;
import io.weft.compiler.analysis.mesh.MeshChecks;
import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.yaml.RawResource;
import io.weft.compiler.yaml.ResourceParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Runs checks over resources. Stateless and thread-safe. */
public final class Analyzer {

    private Analyzer() {}

    /**
     * Runs every check.
     *
     * @param catalog the services; while nothing is registered with it, the usual ingress gateway
     *     counts as running, as it does for istioctl
     * @param credentials whether there is one of this {@code namespace/name} beside the resources
     */
    public static List<Diagnostic> run(
            List<RawResource> resources,
            ServiceCatalog catalog,
            String rootNamespace,
            Predicate<String> credentials) {
        List<Check> checks = new ArrayList<>(IstioChecks.all().values());
        checks.addAll(MeshChecks.all());
        return run(resources, catalog, rootNamespace, credentials, checks);
    }

    static List<Diagnostic> run(
            List<RawResource> resources,
            ServiceCatalog catalog,
            String rootNamespace,
            Predicate<String> credentials,
            Collection<Check> checks) {
        List<RawResource> all = new ArrayList<>(resources);
        if (catalog.registrations().isEmpty()) {
            all.addAll(usualGateway());
        }
        MeshView mesh = new MeshView(all, catalog, rootNamespace, credentials);
        Report report = new Report();
        checks.forEach(check -> run(check, mesh, report));
        return report.findings();
    }

    /** A check that fails takes nothing from the others, and is told (IST0001). */
    private static void run(Check check, MeshView mesh, Report report) {
        try {
            check.run(mesh, report);
        } catch (RuntimeException e) {
            report.failed(check.getClass().getSimpleName() + ": " + e);
        }
    }

    private static List<RawResource> usualGateway() {
        String name = "default-resources.yaml";
        try (InputStream text = Objects.requireNonNull(Analyzer.class.getResourceAsStream(name))) {
            return new ResourceParser(new Diagnostics())
                    .parse(name, new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
