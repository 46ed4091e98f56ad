package io.weft.benchmarks.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** HAProxy with one thread. Its log goes to standard output, which is a file here. */
public final class HaProxy implements ProxyKind {

    private final Optional<Path> program =
            Program.find("HAPROXY", "haproxy", "/usr/sbin/haproxy", "/usr/local/sbin/haproxy");
    private final String version = Program.version(program, "-v", "version (\\S+?)[-+ ]");

    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String absence() {
        return "HAProxy is not installed (package haproxy, or set HAPROXY)";
    }

    @Override
    public boolean supports(Scenario scenario) {
        return true;
    }

    @Override
    public RunningProxy start(Scenario scenario, Site site) throws IOException {
        Path folder = site.folder("haproxy");
        int entry = Site.freePort();
        String entryProtocol = scenario.http2() ? " proto h2" : "";
        List<Path> configs = new ArrayList<>();
        if (scenario.pair()) {
            int link = Site.freePort();
            Identities ids = site.identities();
            String alpn = scenario.http2() ? "h2" : "http/1.1";
            configs.add(
                    config(
                            folder,
                            "client",
                            entry + entryProtocol,
                            link
                                    + " ssl crt %s ca-file %s verify required verifyhost %s ssl-min-ver TLSv1.3 alpn %s"
                                            .formatted(
                                                    ids.full("client"),
                                                    ids.ca(),
                                                    Identities.SERVER_NAME,
                                                    alpn),
                            scenario.full(),
                            false));
            configs.add(
                    config(
                            folder,
                            "server",
                            link
                                    + " ssl crt %s ca-file %s verify required ssl-min-ver TLSv1.3 alpn %s"
                                            .formatted(ids.full("server"), ids.ca(), alpn),
                            String.valueOf(site.backendPort()),
                            scenario.full(),
                            scenario.full()));
        } else {
            configs.add(
                    config(
                            folder,
                            "one",
                            entry + entryProtocol,
                            String.valueOf(site.backendPort()),
                            scenario.full(),
                            scenario.full()));
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
                            Program.command(program, "-db", "-f", config.toString()), folder, log));
        }
        return new RunningProxy(port, processes, logs);
    }

    private static Path config(
            Path folder, String name, String bind, String next, boolean log, boolean guard)
            throws IOException {
        return Files.writeString(
                folder.resolve(name + ".cfg"),
                """
                global
                  nbthread 1
                  maxconn 4096
                %s
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 1h
                  timeout server 1h
                  timeout http-keep-alive 1h
                  option http-keep-alive
                  http-reuse always
                frontend entry
                  bind 127.0.0.1:%s
                %s%s  default_backend next
                backend next
                  server next 127.0.0.1:%s pool-purge-delay 1h
                """
                        .formatted(
                                log ? "  log stdout format raw local0 info" : "",
                                bind,
                                log ? tracing() : "",
                                guard ? rules() : "",
                                next));
    }

    private static String tracing() {
        return """
          log global
          option httplog
          http-request set-header x-request-id %[uuid()] unless { req.hdr(x-request-id) -m found }
          http-request set-var(txn.trace) uuid(),regsub(-,,g) unless { req.hdr(traceparent) -m found }
          http-request set-var(txn.sampled) str(00) unless { req.hdr(traceparent) -m found }
          http-request set-var(txn.sampled) str(01) if { rand(100) lt 1 }
          http-request set-header traceparent 00-%[var(txn.trace)]-%[var(txn.trace),bytes(0,16)]-%[var(txn.sampled)] unless { req.hdr(traceparent) -m found }
        """;
    }

    private static String rules() {
        StringBuilder rules = new StringBuilder("  acl get method GET\n");
        StringBuilder any = new StringBuilder("  http-request deny unless ");
        for (int i = 1; i <= Scenario.RULES; i++) {
            rules.append("  acl rule").append(i).append(" path_beg ");
            rules.append(Site.rulePrefix(i)).append('\n');
            any.append(i == 1 ? "" : " or ").append("get rule").append(i);
        }
        return rules.append(any).append('\n').toString();
    }
}
