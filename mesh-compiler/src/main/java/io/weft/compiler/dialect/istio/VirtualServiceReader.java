package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.yaml.Field;
import io.weft.model.match.Cidr;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code VirtualService}. */
final class VirtualServiceReader {

    /** Asks that the routes of a host are merged in the mesh, as a gateway does it. */
    static final String MERGE = "policy.weft.io/merge";

    private VirtualServiceReader() {}

    static VirtualServiceSpec read(Field root) {
        Field spec = root.get("spec");
        String namespace = root.resource().namespace();
        List<String> hosts =
                spec.get("hosts").textItems().stream()
                        .map(host -> IstioHosts.qualify(host, namespace))
                        .toList();
        List<String> gateways = GatewayNames.read(spec.get("gateways"));
        List<HttpRouteSpec> http = new ArrayList<>();
        List<Field> items = spec.get("http").items();
        HttpRouteSpec catchAll = null;
        for (int i = 0; i < items.size(); i++) {
            HttpRouteSpec route = HttpRouteReader.read(items.get(i), i);
            if (catchAll != null) {
                items.get(i)
                        .warn(
                                Code.UNREACHABLE_ROUTE,
                                "never reached: the route at line "
                                        + catchAll.origin().line()
                                        + " takes everything",
                                "move it above that route");
            } else if (route.isCatchAll()) {
                catchAll = route;
            }
            http.add(route);
        }
        List<ConnectionRouteSpec> connections = new ArrayList<>();
        spec.get("tls").items().forEach(field -> connections.add(connection(field, true)));
        spec.get("tcp").items().forEach(field -> connections.add(connection(field, false)));
        if (http.isEmpty() && connections.isEmpty()) {
            spec.error(
                    Code.MISSING_FIELD,
                    "no route (expected: http, tls or tcp)",
                    "add at least one route");
        }
        return new VirtualServiceSpec(
                namespace + "/" + root.resource().name(),
                namespace,
                hosts,
                gateways.isEmpty() ? List.of(GatewayNames.MESH) : gateways,
                ExportScope.read(spec.get("exportTo")),
                root.resource().annotations().getOrDefault(MERGE, "").equals("true"),
                http,
                connections,
                root.origin());
    }

    private static ConnectionRouteSpec connection(Field field, boolean tls) {
        List<HttpMatchSpec> matches = new ArrayList<>();
        for (Field match : field.get("match").items()) {
            matches.add(connectionMatch(match, tls));
        }
        if (tls && matches.isEmpty()) {
            field.get("match").reportMissing();
        }
        List<Target> targets = new ArrayList<>();
        List<Field> routes = field.get("route").items();
        for (Field route : routes) {
            int weight = route.get("weight").integer(0, 1_000_000, routes.size() == 1 ? 100 : 0);
            Target target =
                    DestinationReader.read(route.get("destination"), weight, List.of(), route);
            if (weight > 0) {
                targets.add(target);
            }
        }
        if (targets.isEmpty()) {
            field.get("route").reportMissing();
        }
        return new ConnectionRouteSpec(
                field.path().replace("spec.", ""),
                tls,
                matches.isEmpty() ? List.of(HttpMatchSpec.ANY) : matches,
                targets,
                field.origin());
    }

    private static HttpMatchSpec connectionMatch(Field match, boolean tls) {
        List<Match> all = new ArrayList<>();
        if (tls) {
            List<Match> names = new ArrayList<>();
            for (String host : match.get("sniHosts").textItems()) {
                names.add(new Match.Sni(sni(host.toLowerCase(Locale.ROOT))));
            }
            if (names.isEmpty()) {
                match.get("sniHosts").reportMissing();
            }
            all.add(Match.anyOf(names));
        }
        List<Match> subnets = new ArrayList<>();
        for (Field subnet : match.get("destinationSubnets").items()) {
            Addresses.read(subnet).map(Match.DestinationIp::new).ifPresent(subnets::add);
        }
        if (!subnets.isEmpty()) {
            all.add(Match.anyOf(subnets));
        }
        match.get("sourceSubnet").unsupported("callers are told apart by labels");
        return new HttpMatchSpec(
                GatewayNames.read(match.get("gateways")),
                match.get("sourceLabels").texts(),
                match.get("sourceNamespace").text(""),
                match.get("port").integer(1, 65535, 0),
                null,
                Match.allOf(all));
    }

    private static StringMatch sni(String host) {
        if (host.equals("*")) {
            return StringMatches.THERE;
        }
        return host.startsWith("*")
                ? new StringMatch.Suffix(host.substring(1))
                : new StringMatch.Exact(host);
    }

    /** Address ranges with diagnostics. */
    static final class Addresses {

        private Addresses() {}

        static java.util.Optional<Cidr> read(Field field) {
            return field.text()
                    .flatMap(text -> {
                        try {
                            return java.util.Optional.of(Cidr.parse(text));
                        } catch (IllegalArgumentException e) {
                            field.reportValue(text, "an IP address or ADDRESS/LENGTH");
                            return java.util.Optional.empty();
                        }
                    });
        }
    }
}
