package io.weft.blog.launcher.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The Java processes that the demo has started; closing it ends them all. Thread-safe. */
public final class ProcessGroup implements AutoCloseable {

    private final Path work;
    private final List<ServiceProcess> processes = new ArrayList<>();
    private boolean closed;

    /**
     * @param work where logs and working folders go
     */
    public ProcessGroup(Path work) {
        this.work = work;
        try {
            Files.createDirectories(work.resolve("logs"));
        } catch (IOException e) {
            throw new UncheckedIOException(work + ": " + e.getMessage(), e);
        }
    }

    /**
     * Starts instances of an application in a process of its own.
     *
     * @param heapMegabytes the most that its heap may take
     * @param standIns databases that the instances share, see {@link InstanceHost}
     * @param instances command-line arguments of each instance
     */
    public ServiceProcess start(
            String name,
            ExecutableJar jar,
            int heapMegabytes,
            List<String> standIns,
            List<List<String>> instances) {
        return start(name, jar, heapMegabytes, standIns, instances, Map.of());
    }

    /**
     * As above.
     *
     * @param environment beyond this process's own, for what must not stand on a command line
     */
    public ServiceProcess start(
            String name,
            ExecutableJar jar,
            int heapMegabytes,
            List<String> standIns,
            List<List<String>> instances,
            Map<String, String> environment) {
        List<String> command = new ArrayList<>(javaCommand(name, jar, heapMegabytes));
        standIns.forEach(standIn -> command.add("@" + standIn));
        command.add(jar.mainClass());
        for (int i = 0; i < instances.size(); i++) {
            if (i > 0) {
                command.add("--");
            }
            command.addAll(instances.get(i));
        }
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException(name + ": not started, the demo is stopping");
            }
            ServiceProcess process =
                    ServiceProcess.start(
                            name,
                            command,
                            environment,
                            work.resolve(name),
                            work.resolve("logs/" + name + ".log"));
            processes.add(process);
            return process;
        }
    }

    /** Those that have ended by themselves. */
    public synchronized List<ServiceProcess> dead() {
        return processes.stream().filter(process -> !process.isAlive()).toList();
    }

    /** No longer watches a process that was ended on purpose. */
    public synchronized void forget(ServiceProcess process) {
        processes.remove(process);
    }

    /** Process ids of all that run. */
    public synchronized List<Long> pids() {
        return processes.stream().filter(ServiceProcess::isAlive).map(ServiceProcess::pid).toList();
    }

    @Override
    public void close() {
        List<ServiceProcess> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(processes);
        }
        all.forEach(ServiceProcess::requestStop);
        all.forEach(ServiceProcess::close);
    }

    private static List<String> javaCommand(String name, ExecutableJar jar, int heapMegabytes) {
        List<Path> classPath = new ArrayList<>(jar.classPath());
        classPath.add(ownClasses());
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Xlog:disable",
                "-Xlog:gc=error:stderr",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + archive(name, classPath),
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath.stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator)),
                InstanceHost.class.getName());
    }

    /**
     * Classes as the JVM keeps them between runs, written when the first one ends. It does not
     * replace those of older jars by itself.
     */
    private static Path archive(String name, List<Path> classPath) {
        Path archive = classPath.getFirst().resolveSibling("demo").resolve(name + ".jsa");
        try {
            if (Files.exists(archive)) {
                FileTime written = Files.getLastModifiedTime(archive);
                for (Path each : classPath) {
                    if (Files.getLastModifiedTime(each).compareTo(written) > 0) {
                        Files.delete(archive);
                        break;
                    }
                }
            }
        } catch (IOException e) {
            // Then the start is slower, no more.
        }
        return archive;
    }

    private static Path ownClasses() {
        return Path.of(
                URI.create(
                        InstanceHost.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()));
    }
}
