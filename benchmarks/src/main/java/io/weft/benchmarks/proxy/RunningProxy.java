package io.weft.benchmarks.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The processes of a proxy: one, or the two of a pair. Closing ends them. */
public final class RunningProxy implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 5;

    private final int port;
    private final List<Process> processes;
    private final List<Path> logs;

    RunningProxy(int port, List<Process> processes, List<Path> logs) {
        this.port = port;
        this.processes = List.copyOf(processes);
        this.logs = List.copyOf(logs);
    }

    /** Starts a command whose output goes to a file. */
    static Process launch(List<String> command, Path folder, Path log) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        // A comparison that is interrupted leaves no proxy behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process;
    }

    /** Where clients connect. */
    public int port() {
        return port;
    }

    private LongStream pids() {
        return processes.stream()
                .map(Process::toHandle)
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .mapToLong(ProcessHandle::pid);
    }

    public long cpuNanos() {
        return pids().map(ProcessUsage::cpuNanos).sum();
    }

    /** Of all its processes. */
    public long residentBytes() {
        return pids().map(ProcessUsage::residentBytes).sum();
    }

    /** Of the largest of its proxies. */
    public long residentBytesOfOne() {
        return processes.stream()
                .mapToLong(process ->
                        Stream.concat(
                                        Stream.of(process.toHandle()),
                                        process.toHandle().descendants())
                                .mapToLong(ProcessHandle::pid)
                                .map(ProcessUsage::residentBytes)
                                .sum())
                .max()
                .orElse(0);
    }

    public List<Process> processes() {
        return processes;
    }

    public boolean isAlive() {
        return processes.stream().allMatch(Process::isAlive);
    }

    /** The ends of its logs, for a proxy that does not serve. */
    public String lastWords() {
        StringBuilder words = new StringBuilder();
        for (Path log : logs) {
            try {
                List<String> lines = Files.readAllLines(log);
                lines.subList(Math.max(0, lines.size() - 15), lines.size())
                        .forEach(line -> words.append("    ").append(line).append('\n'));
            } catch (IOException e) {
                words.append("    ").append(log).append(": ").append(e.getMessage()).append('\n');
            }
        }
        return words.toString();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }
}
