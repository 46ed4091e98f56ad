package io.weft.blog.launcher;

import io.weft.blog.launcher.topology.Topology;
import java.io.PrintStream;

/** Tells where to click, and what to try. */
final class Welcome {

    private final PrintStream out;

    Welcome(PrintStream out) {
        this.out = out;
    }

    void print(Demo demo) {
        Topology topology = demo.topology();
        int https = topology.httpsPort();
        String host = Topology.BLOG_HOST + ":" + https;
        line("");
        line(
                "Blog        https://"
                        + Topology.LOCAL_HOST
                        + ":"
                        + https
                        + "/   (a browser warns: the demo signs its own certificate)");
        line(
                "            https://"
                        + host
                        + "/   with 127.0.0.1 "
                        + Topology.BLOG_HOST
                        + " in /etc/hosts, or");
        line(
                "            curl --cacert "
                        + demo.web().caFile()
                        + " --resolve "
                        + host
                        + ":127.0.0.1 https://"
                        + host
                        + "/");
        line("Console     http://127.0.0.1:" + topology.control().api() + "/");
        line("API         http://127.0.0.1:" + topology.control().api() + "/api/v1/status");
        line(
                "Metrics     http://127.0.0.1:"
                        + topology.gateway().metricsPort()
                        + "/stats/prometheus   (gateway; each sidecar has its own)");
        line(
                "Policies    "
                        + demo.repository().folder()
                        + "/mesh   (commit a change, and it is in force)");
        line("Logs        " + demo.logs());
        line("");
        line("In the mesh, as the plain workload 'curl' sees it at its sidecar:");
        line(
                "            curl http://127.0.0.1:"
                        + topology.proxy("curl-0").upstream(Topology.BLOG_API)
                        + "/api/v1/articles -H 'canary: true'");
        line("");
        line("Ctrl-C stops everything.");
        line("");
    }

    private void line(String text) {
        out.println(text);
    }
}
