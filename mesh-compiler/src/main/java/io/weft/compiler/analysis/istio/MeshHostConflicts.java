package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Hosts;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** VirtualServices for one host of the mesh: only the oldest holds (IST0109). */
final class MeshHostConflicts implements Check {

    /** Nobody reads a longer list. */
    private static final int MAX_NAMES = 50;

    private record Claim(Field root, String host, Set<String> scope) {

        boolean conflictsWith(Claim other) {
            return other.root != root
                    && sameHosts(other)
                    && meets(other)
                    && !(merges() && other.merges());
        }

        /** Those that ask for it are merged in the mesh, as at a gateway. */
        private boolean merges() {
            return root.resource()
                    .annotations()
                    .getOrDefault("policy.weft.io/merge", "")
                    .equals("true");
        }

        /** A full name beside a wildcard is no conflict: the more specific one holds. */
        private boolean sameHosts(Claim other) {
            boolean wild = host.startsWith("*") && other.host.startsWith("*");
            return wild ? Hosts.overlap(host, other.host) : host.equalsIgnoreCase(other.host);
        }

        private boolean meets(Claim other) {
            return scope.contains("*")
                    || other.scope.contains("*")
                    || scope.stream().anyMatch(other.scope::contains);
        }
    }

    @Override
    public void run(MeshView mesh, Report report) {
        List<Claim> claims = new ArrayList<>();
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            List<String> gateways = root.get("spec").get("gateways").textItems();
            if (!gateways.isEmpty() && !gateways.contains("mesh")) {
                continue;
            }
            String namespace = root.resource().namespace();
            Set<String> scope = scope(root, namespace);
            for (String host : root.get("spec").get("hosts").textItems()) {
                claims.add(new Claim(root, mesh.qualify(host, namespace), scope));
            }
        }
        // Hosts can only be the same within a group: thousands are not all compared.
        Map<String, List<Claim>> groups =
                claims.stream().collect(Collectors.groupingBy(MeshHostConflicts::group));
        for (Claim claim : claims) {
            Set<String> names = new TreeSet<>();
            groups.getOrDefault(group(claim), List.of()).stream()
                    .filter(claim::conflictsWith)
                    .limit(MAX_NAMES)
                    .forEach(c -> names.add(name(c)));
            if (!names.isEmpty()) {
                names.add(name(claim));
                report.add(
                        IstioCode.CONFLICTING_MESH_GATEWAY_VIRTUAL_SERVICE_HOSTS,
                        claim.root().get("spec").get("hosts"),
                        String.join(",", names),
                        claim.host());
            }
        }
    }

    private static String group(Claim claim) {
        return claim.host().startsWith("*") ? "*" : claim.host().toLowerCase(Locale.ROOT);
    }

    private static Set<String> scope(Field root, String namespace) {
        List<String> exports = root.get("spec").get("exportTo").textItems();
        return exports.isEmpty()
                ? Set.of("*")
                : exports.stream()
                        .map(scope -> scope.equals(".") ? namespace : scope)
                        .collect(Collectors.toSet());
    }

    private static String name(Claim claim) {
        RawResource resource = claim.root().resource();
        return resource.namespace() + "/" + resource.name();
    }
}
