package io.weft.blog.launcher;

import io.weft.blog.launcher.load.LiveTable;
import io.weft.blog.launcher.load.LoadGenerator;
import io.weft.blog.launcher.load.LoadGenerator.Habit;
import io.weft.blog.launcher.load.TrafficReport;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import io.weft.blog.launcher.pki.TlsClients;
import io.weft.blog.launcher.topology.Topology;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The demo as a person watches it: gentle load, and where it goes. */
final class Show {

    private static final Duration ON_TERMINAL = Duration.ofSeconds(1);
    private static final Duration ELSEWHERE = Duration.ofSeconds(10);
    private static final Duration READER = Duration.ofMillis(250);
    private static final Duration SCRIPT = Duration.ofMillis(100);

    private final Demo demo;
    private final PrintStream out;
    private final boolean terminal;

    Show(Demo demo, PrintStream out, boolean terminal) {
        this.demo = demo;
        this.out = out;
        this.terminal = terminal;
    }

    /** Runs until somebody stops the demo or a part of it ends. */
    void run(OpenParts parts, boolean noLoad, CountDownLatch ended) throws InterruptedException {
        if (!noLoad) {
            parts.own(LoadGenerator.start(habits()));
        }
        TrafficReport report = new TrafficReport(demo.topology());
        LiveTable table = new LiveTable(out, terminal);
        Duration pause = terminal ? ON_TERMINAL : ELSEWHERE;
        while (!ended.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            demo.requireAllAlive();
            table.draw(report.read(), System.nanoTime());
        }
    }

    private List<Habit> habits() {
        Topology topology = demo.topology();
        Target gateway =
                Target.tls(
                        topology.httpsPort(),
                        TlsClients.trusting(demo.web().root()),
                        Topology.BLOG_HOST);
        String api = Topology.BLOG_API;
        Target script = Target.plain(topology.proxy("curl-0").upstream(api));
        return List.of(
                new Habit(
                        gateway,
                        List.of(
                                HttpQuestion.get(Topology.BLOG_HOST, "/"),
                                HttpQuestion.get(Topology.BLOG_HOST, "/static/css/theme.css"),
                                HttpQuestion.get(Topology.BLOG_HOST, "/api/users/"),
                                HttpQuestion.get(Topology.BLOG_HOST, "/api/v1/articles")),
                        READER),
                new Habit(script, List.of(HttpQuestion.get(api, "/api/v1/articles")), SCRIPT));
    }
}
