package io.weft.benchmarks.proxy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Spring Cloud Gateway as it comes, with one worker thread and one route. It takes part in plain
 * single hops only: it has no authorisation, access log or mutual TLS without code of one's own.
 */
public final class SpringGateway implements ProxyKind {

    private static final String MAIN = "io.weft.benchmarks.stock.StockGateway";

    @Override
    public String name() {
        return "scg";
    }

    @Override
    public String version() {
        Package gateway = org.springframework.cloud.gateway.route.RouteLocator.class.getPackage();
        String version = gateway.getImplementationVersion();
        return version == null ? "?" : version;
    }

    @Override
    public String absence() {
        return "";
    }

    @Override
    public boolean supports(Scenario scenario) {
        return !scenario.pair() && !scenario.full();
    }

    @Override
    public boolean warmsSlowly() {
        return true;
    }

    @Override
    public RunningProxy start(Scenario scenario, Site site) throws IOException {
        Path folder = site.folder("scg");
        Path log = folder.resolve("scg.log");
        int port = Site.freePort();
        List<String> program =
                new ArrayList<>(
                        List.of(
                                "-cp",
                                System.getProperty("java.class.path"),
                                MAIN,
                                "--server.address=127.0.0.1",
                                "--server.port=" + port,
                                "--server.http2.enabled=" + scenario.http2()));
        String route = "--spring.cloud.gateway.server.webflux.routes[0].";
        program.add(route + "id=all");
        program.add(route + "uri=http://127.0.0.1:" + site.backendPort());
        program.add(route + "predicates[0]=Path=/**");
        Process process =
                RunningProxy.launch(
                        JavaCommand.of(List.of("-Dreactor.netty.ioWorkerCount=1"), program),
                        folder,
                        log);
        return new RunningProxy(port, List.of(process), List.of(log));
    }
}
