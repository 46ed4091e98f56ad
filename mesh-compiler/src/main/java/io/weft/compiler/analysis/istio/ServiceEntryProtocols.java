package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** ServiceEntries that say different things of one port of one host (IST0177). */
final class ServiceEntryProtocols implements Check {

    private record Place(String host, String port) {}

    private record Claim(Field entry, Field port, String protocol) {}

    @Override
    public void run(MeshView mesh, Report report) {
        Map<Place, List<Claim>> claims = new LinkedHashMap<>();
        for (Field entry : mesh.all(MeshView.NETWORKING, "ServiceEntry")) {
            for (String host : entry.get("spec").get("hosts").textItems()) {
                for (Field port : entry.get("spec").get("ports").items()) {
                    String number = port.get("number").loose().orElse("");
                    String protocol = port.get("protocol").text("").toUpperCase(Locale.ROOT);
                    claims.computeIfAbsent(new Place(host, number), p -> new ArrayList<>())
                            .add(new Claim(entry, port, protocol));
                }
            }
        }
        claims.forEach((place, all) -> {
            Set<String> protocols = new TreeSet<>();
            Set<String> names = new TreeSet<>();
            for (Claim claim : all) {
                RawResource resource = claim.entry().resource();
                protocols.add(claim.protocol());
                names.add(resource.namespace() + "/" + resource.name());
            }
            if (protocols.size() > 1) {
                all.forEach(claim ->
                        report.add(
                                IstioCode.CONFLICTING_SERVICE_ENTRY_PROTOCOL,
                                claim.port(),
                                String.join(", ", names),
                                place.host(),
                                place.port(),
                                String.join(", ", protocols)));
            }
        });
    }
}
