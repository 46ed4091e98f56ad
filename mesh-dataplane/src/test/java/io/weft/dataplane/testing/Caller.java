package io.weft.dataplane.testing;

import io.weft.dataplane.DataPlaneSettings;
import io.weft.dataplane.overload.MemoryUse;
import io.weft.engine.MeshClock;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.MeshResource;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar that calls {@code server.ns:8080}, whose endpoints are plain applications; what tests
 * of traffic policy need.
 */
public final class Caller implements AutoCloseable {

    public static final String HOST = "server.ns:8080";

    public final MeshPair mesh = new MeshPair();
    public final MeshPair.Node node;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<MeshResource> extra = new ArrayList<>();
    private Cluster cluster = Resources.cluster(8080, AppProtocol.HTTP);

    public Caller() {
        this(MeshClock.system(), Locality.UNKNOWN);
    }

    /** With settings of its own. */
    public Caller(MemoryUse memory, UnaryOperator<DataPlaneSettings.Builder> settings) {
        node = mesh.start("client", memory, settings);
    }

    public Caller(MeshClock clock, Locality locality) {
        node =
                mesh.start(
                        "client",
                        mesh.authority.tls(mesh.id("client")),
                        clock,
                        null,
                        s -> s.locality(locality));
    }

    /** An application that says its name; an endpoint of the service. */
    public TestApp app(String name) {
        return app(name, Locality.UNKNOWN);
    }

    public TestApp app(String name, Locality locality) {
        TestApp app = mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, name)));
        endpoint(name, app.port(), locality);
        return app;
    }

    public void endpoint(String name, int port, Locality locality) {
        endpoints.add(
                new Endpoint(name, "127.0.0.1", port, null, "ns", "server", Map.of(), locality, 1));
    }

    public Caller balancing(LoadBalancing balancing) {
        return cluster(
                balancing,
                cluster.locality(),
                cluster.limits(),
                cluster.outlier(),
                cluster.tls(),
                cluster.protocol());
    }

    public Caller locality(LocalityPolicy locality, OutlierDetection outlier) {
        return cluster(
                cluster.balancing(),
                locality,
                cluster.limits(),
                outlier,
                cluster.tls(),
                cluster.protocol());
    }

    public Caller limits(ConnectionLimits limits) {
        return cluster(
                cluster.balancing(),
                cluster.locality(),
                limits,
                cluster.outlier(),
                cluster.tls(),
                cluster.protocol());
    }

    public Caller protocol(AppProtocol protocol) {
        return cluster(
                cluster.balancing(),
                cluster.locality(),
                cluster.limits(),
                cluster.outlier(),
                cluster.tls(),
                protocol);
    }

    public Caller tls(UpstreamTls tls) {
        return cluster(
                cluster.balancing(),
                cluster.locality(),
                cluster.limits(),
                cluster.outlier(),
                tls,
                cluster.protocol());
    }

    private Caller cluster(
            LoadBalancing balancing,
            LocalityPolicy locality,
            ConnectionLimits limits,
            @Nullable OutlierDetection outlier,
            UpstreamTls tls,
            AppProtocol protocol) {
        cluster =
                new Cluster(
                        cluster.name(),
                        cluster.host(),
                        cluster.port(),
                        cluster.subset(),
                        protocol,
                        cluster.subsetLabels(),
                        cluster.endpoints(),
                        balancing,
                        locality,
                        limits,
                        outlier,
                        tls,
                        cluster.origin());
        return this;
    }

    /** Replaces the service's cluster. */
    public Caller cluster(Cluster other) {
        cluster = other;
        return this;
    }

    public Cluster cluster() {
        return cluster;
    }

    public Caller with(MeshResource resource) {
        extra.add(resource);
        return this;
    }

    /** All requests go to the service, through filters. */
    public void forward(Filter... filters) {
        routes(
                Resources.route(
                        Match.ALWAYS,
                        List.of(filters),
                        Timeouts.NONE,
                        null,
                        Resources.to(8080, "", 1)));
    }

    /** All requests are answered by the action. */
    public void action(RouteAction action, Filter... filters) {
        routes(
                new Route(
                        "route",
                        Match.ALWAYS,
                        action,
                        List.of(filters),
                        Timeouts.NONE,
                        null,
                        Resources.ORIGIN));
    }

    public void routes(Route... routes) {
        List<MeshResource> all = new ArrayList<>(extra);
        all.add(Resources.workload("client", OutboundPolicy.ALLOW_ANY));
        all.add(Resources.table(HOST, AppProtocol.HTTP, routes));
        all.add(cluster);
        all.add(Resources.endpoints(8080, endpoints.toArray(Endpoint[]::new)));
        node.source().publish(Resources.set(all.toArray(MeshResource[]::new)));
    }

    public Wire wire() throws IOException {
        return new Wire(node.plane().outboundPort());
    }

    public Wire.Reply get(String path, String... headers) throws IOException {
        return send("GET", path, headers);
    }

    public Wire.Reply send(String method, String path, String... headers) throws IOException {
        try (Wire wire = wire()) {
            return wire.send(request(method, path, headers)).reply(method.equals("HEAD"));
        }
    }

    public static String request(String method, String path, String... headers) {
        StringBuilder text =
                new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + HOST + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    @Override
    public void close() throws Exception {
        mesh.close();
    }
}
