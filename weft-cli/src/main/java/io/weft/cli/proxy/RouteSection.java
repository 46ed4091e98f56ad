package io.weft.cli.proxy;

import io.weft.engine.explain.MatchText;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.UnknownHost;
import io.weft.model.route.Route;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.VirtualHost;
import java.util.ArrayList;
import java.util.List;

/**
 * The routes of the destinations that the proxy has asked for.
 *
 * @param name only this table; empty for all
 * @param verbose each route, else each table with the number of its virtual hosts
 */
record RouteSection(String name, boolean verbose) implements Section {

    @Override
    public String kind() {
        return "route";
    }

    @Override
    public List<String> titles(ProxyPicture picture) {
        return verbose
                ? List.of("NAME", "VHOST NAME", "DOMAINS", "MATCH", "VIRTUAL SERVICE")
                : List.of("NAME", "VIRTUAL HOSTS");
    }

    @Override
    public List<List<String>> rows(ProxyPicture picture) {
        List<List<String>> rows = new ArrayList<>();
        for (RouteTable table : tables(picture)) {
            if (verbose) {
                table.hosts().forEach(host -> rows.addAll(routes(table, host)));
                table.tcp().forEach(tcp -> rows.add(connection(table, tcp)));
            } else {
                rows.add(List.of(table.name(), Integer.toString(table.hosts().size())));
            }
        }
        if (verbose) {
            picture.all(UnknownHost.class).stream()
                    .filter(each -> name.isEmpty() || name.equals(each.name()))
                    .forEach(each ->
                            rows.add(List.of(each.name(), "-", "-", "unknown to the mesh", "")));
        }
        return rows;
    }

    private static List<List<String>> routes(RouteTable table, VirtualHost host) {
        List<List<String>> rows = new ArrayList<>();
        for (Route route : host.routes()) {
            rows.add(
                    List.of(
                            table.name(),
                            host.name(),
                            domains(host.domains()),
                            MatchText.of(route.match()),
                            Policy.name(route.origin(), "VirtualService")));
        }
        return rows;
    }

    private static List<String> connection(RouteTable table, TcpRoute tcp) {
        return List.of(
                table.name(),
                tcp.name().isEmpty() ? "-" : tcp.name(),
                "-",
                MatchText.of(tcp.match()),
                Policy.name(tcp.origin(), "VirtualService"));
    }

    private static String domains(List<String> domains) {
        return domains.size() < 3
                ? String.join(", ", domains)
                : domains.getFirst() + " + " + (domains.size() - 1) + " more...";
    }

    private List<RouteTable> tables(ProxyPicture picture) {
        return picture.all(RouteTable.class).stream()
                .filter(each -> name.isEmpty() || name.equals(each.name()))
                .toList();
    }

    @Override
    public Object values(ProxyPicture picture) {
        return tables(picture).stream().map(Section::tree).toList();
    }
}
