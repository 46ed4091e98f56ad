package io.weft.benchmarks.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** nginx with one worker. It speaks HTTP/1.1 to upstreams always, so also inside an h2 pair. */
public final class Nginx implements ProxyKind {

    private static final int KEEP_ALIVE_CONNECTIONS = 256;

    private final Optional<Path> program =
            Program.find("NGINX", "nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx");
    private final String version = Program.version(program, "-v", "nginx/(\\S+)");

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String absence() {
        return "nginx is not installed (package nginx, or set NGINX)";
    }

    @Override
    public boolean supports(Scenario scenario) {
        return true;
    }

    @Override
    public RunningProxy start(Scenario scenario, Site site) throws IOException {
        Path folder = site.folder("nginx");
        int entry = Site.freePort();
        if (!scenario.pair()) {
            String server = listen(entry, scenario.http2(), "") + pass("http", full(scenario), "");
            return run(
                    folder,
                    entry,
                    List.of(
                            config(
                                    folder,
                                    "one",
                                    site.backendPort(),
                                    server,
                                    scenario.full(),
                                    scenario.full())));
        }
        int link = Site.freePort();
        Identities ids = site.identities();
        String client =
                listen(entry, scenario.http2(), "") + pass("https", full(scenario), clientTls(ids));
        String server =
                listen(link, false, " ssl") + serverTls(ids) + pass("http", full(scenario), "");
        return run(
                folder,
                entry,
                List.of(
                        config(folder, "client", link, client, scenario.full(), false),
                        config(
                                folder,
                                "server",
                                site.backendPort(),
                                server,
                                scenario.full(),
                                scenario.full())));
    }

    /** Starts a server that answers every request with the body. */
    public RunningProxy backend(Path folder, String body) throws IOException {
        int port = Site.freePort();
        Path home = Files.createDirectories(folder.resolve("backend"));
        String server =
                "listen 127.0.0.1:"
                        + port
                        + ";\nlocation / { default_type text/plain; return 200 '"
                        + body
                        + "'; }\n";
        return run(home, port, List.of(config(home, "backend", port, server, false, false)));
    }

    private RunningProxy run(Path folder, int port, List<Path> configs) throws IOException {
        List<Process> processes = new java.util.ArrayList<>();
        List<Path> logs = new java.util.ArrayList<>();
        for (Path config : configs) {
            Path log = Path.of(config + ".log");
            logs.add(log);
            processes.add(
                    RunningProxy.launch(
                            Program.command(
                                    program, "-p", folder.toString(), "-c", config.toString()),
                            folder,
                            log));
        }
        return new RunningProxy(port, processes, logs);
    }

    private static Path config(
            Path folder, String name, int next, String server, boolean log, boolean guard)
            throws IOException {
        Path file = folder.resolve(name + ".conf");
        return Files.writeString(
                file,
                """
                worker_processes 1;
                daemon off;
                pid %1$s.pid;
                error_log stderr warn;
                events { worker_connections 4096; }
                http {
                client_body_temp_path %1$s.body;
                proxy_temp_path %1$s.proxy;
                fastcgi_temp_path %1$s.fastcgi;
                uwsgi_temp_path %1$s.uwsgi;
                scgi_temp_path %1$s.scgi;
                keepalive_requests 1000000000;
                keepalive_timeout 1h;
                %2$s
                upstream next {
                server 127.0.0.1:%3$d;
                keepalive %4$d;
                keepalive_requests 1000000000;
                keepalive_timeout 1h;
                }
                server {
                %5$s%6$s}
                }
                """
                        .formatted(
                                name,
                                log ? logging(name) : "access_log off;",
                                next,
                                KEEP_ALIVE_CONNECTIONS,
                                guard ? "if ($allowed = 0) { return 403; }\n" : "",
                                server));
    }

    private static boolean full(Scenario scenario) {
        return scenario.full();
    }

    private static String logging(String name) {
        StringBuilder rules = new StringBuilder("map \"$request_method:$uri\" $allowed {\n");
        rules.append("default 0;\n");
        for (int i = 1; i <= Scenario.RULES; i++) {
            rules.append("\"~^GET:").append(Site.rulePrefix(i)).append("\" 1;\n");
        }
        return rules
                + """
                }
                split_clients $request_id $sampled { 1%% 01; * 00; }
                map $request_id $span { "~^(?<first>.{16})" $first; }
                map $http_traceparent $trace { "" "00-$request_id-$span-$sampled"; default $http_traceparent; }
                map $http_x_request_id $id { "" $request_id; default $http_x_request_id; }
                log_format full '[$time_iso8601] "$request" $status $body_bytes_sent $request_time '
                    '$upstream_response_time "$http_user_agent" "$id" "$host" "$upstream_addr" $remote_addr';
                access_log %s.access.log full buffer=64k flush=1s;
                """
                        .formatted(name);
    }

    private static String listen(int port, boolean http2, String tls) {
        return "listen 127.0.0.1:" + port + tls + (http2 ? " http2" : "") + " backlog=1024;\n";
    }

    private static String serverTls(Identities ids) {
        return """
        ssl_protocols TLSv1.3;
        ssl_certificate %s;
        ssl_certificate_key %s;
        ssl_client_certificate %s;
        ssl_verify_client on;
        """
                .formatted(ids.chain("server"), ids.key("server"), ids.ca());
    }

    private static String clientTls(Identities ids) {
        return """
        proxy_ssl_protocols TLSv1.3;
        proxy_ssl_certificate %s;
        proxy_ssl_certificate_key %s;
        proxy_ssl_trusted_certificate %s;
        proxy_ssl_verify on;
        proxy_ssl_name %s;
        """
                .formatted(
                        ids.chain("client"), ids.key("client"), ids.ca(), Identities.SERVER_NAME);
    }

    private static String pass(String scheme, boolean full, String tls) {
        String tracing =
                full
                        ? "proxy_set_header x-request-id $id;\nproxy_set_header traceparent $trace;\n"
                        : "";
        return """
        location / {
        proxy_pass %s://next;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        %s%s}
        """
                .formatted(scheme, tracing, tls);
    }
}
