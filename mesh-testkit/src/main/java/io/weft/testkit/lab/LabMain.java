package io.weft.testkit.lab;

import io.weft.testkit.lab.mesh.LabProblem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code weft lab}. Writes one line to standard output when all is up, and everything else to
 * standard error.
 */
public final class LabMain {

    static final int USAGE = 64;
    static final int BAD_INPUT = 65;
    static final int FAILED = 70;

    private static final String LOGBACK = "logback.configurationFile";

    private LabMain() {}

    /** Exit codes: 0 ended as told, 64 wrong call, 65 wrong input, 70 it did not come up. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            System.err.print(LabOptions.USAGE);
            return 0;
        }
        try {
            if (!arguments.isEmpty() && arguments.getFirst().equals("request")) {
                return RequestCommand.run(arguments.subList(1, arguments.size()));
            }
            if (!arguments.isEmpty() && arguments.getFirst().equals("record")) {
                return RecordCommand.run(arguments.subList(1, arguments.size()));
            }
            return serve(LabOptions.parse(arguments));
        } catch (LabOptions.Misuse misuse) {
            System.err.println("weft lab: " + misuse.getMessage());
            System.err.print(LabOptions.USAGE);
            return USAGE;
        } catch (LabProblem problem) {
            problem.lines().forEach(System.err::println);
            return BAD_INPUT;
        } catch (RuntimeException | IOException | LinkageError | OutOfMemoryError e) {
            // Out of descriptors the JVM cannot even load classes any more.
            String message = e.getMessage();
            String name = e instanceof Error ? e.getClass().getSimpleName() + ": " : "";
            System.err.println(
                    "weft lab: " + (message == null ? e.toString() : name + message.strip()));
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static int serve(LabOptions options) throws InterruptedException {
        // Before the first logger is made.
        if (System.getProperty(LOGBACK) == null) {
            System.setProperty(
                    LOGBACK,
                    options.verbose()
                            ? "io/weft/testkit/lab/logback-verbose.xml"
                            : "io/weft/testkit/lab/logback-quiet.xml");
        }
        ResourceFiles resources = new ResourceFiles(options.resources());
        Lab lab =
                Lab.start(
                        options.topology().toString(),
                        ResourceFiles.text(options.topology()),
                        resources.read(),
                        options.trustDomain(),
                        options.rootNamespace());
        CountDownLatch ended = new CountDownLatch(1);
        AtomicInteger closed = new AtomicInteger();
        Runnable close =
                () -> {
                    if (closed.getAndIncrement() == 0) {
                        lab.close();
                    }
                };
        Runtime.getRuntime().addShutdownHook(new Thread(close, "weft-lab-end"));
        Thread.ofPlatform().daemon().name("weft-lab-input").start(() -> untilEnd(ended));
        if (options.watch()) {
            ResourceWatch watch = new ResourceWatch(lab, resources);
            Thread.ofPlatform().daemon().name("weft-lab-watch").start(watch);
        }
        System.out.println(
                "{\"ready\": true, \"control\": \""
                        + lab.control()
                        + "\", \"workloads\": "
                        + lab.mesh().settings().topology().workloads().size()
                        + ", \"startMillis\": "
                        + lab.startMillis()
                        + "}");
        System.out.flush();
        ended.await();
        close.run();
        return 0;
    }

    private static void untilEnd(CountDownLatch ended) {
        InputStream in = System.in;
        try {
            byte[] buffer = new byte[256];
            while (in.read(buffer) >= 0) {
                // What is typed means nothing; only the end does.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        ended.countDown();
    }
}
