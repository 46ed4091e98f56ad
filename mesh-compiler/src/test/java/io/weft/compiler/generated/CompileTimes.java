package io.weft.compiler.generated;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.IncrementalCompiler;
import io.weft.compiler.SourceFile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints how long the generated mesh takes: the first compilation of this JVM, class loading
 * included, then edits of one file each. Wall time, and processor time of the compiling thread
 * (which other work on the machine does not lengthen). Run by {@code benchmarks/compile}.
 */
public final class CompileTimes {

    private static final int SERVICES = 1000;
    private static final int EDITS = 100;

    private CompileTimes() {}

    public static void main(String[] arguments) {
        GeneratedMesh mesh = new GeneratedMesh(SERVICES, 42);
        List<SourceFile> files = new ArrayList<>(mesh.files());
        IncrementalCompiler compiler = new IncrementalCompiler(CompilerOptions.DEFAULT);
        Times first = time(compiler, files);
        Times[] edits = new Times[EDITS];
        for (int i = 0; i < EDITS; i++) {
            SourceFile edited = mesh.service(i * 37 % SERVICES, i + 1);
            files.replaceAll(file -> file.path().equals(edited.path()) ? edited : file);
            edits[i] = time(compiler, files);
        }
        print("first compilation", first);
        print("first edit", edits[0]);
        Arrays.sort(edits, (a, b) -> Long.compare(a.wall(), b.wall()));
        print("median edit", edits[EDITS / 2]);
        print("slowest edit", edits[EDITS - 1]);
    }

    private record Times(long wall, long processor) {}

    private static Times time(IncrementalCompiler compiler, List<SourceFile> files) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long processor = threads.getCurrentThreadCpuTime();
        long wall = System.nanoTime();
        CompiledPolicies policies = compiler.compile(files);
        Times times =
                new Times(System.nanoTime() - wall, threads.getCurrentThreadCpuTime() - processor);
        if (policies.hasErrors()) {
            throw new IllegalStateException("errors: " + policies.diagnostics());
        }
        return times;
    }

    private static void print(String what, Times times) {
        System.out.printf(
                Locale.ROOT,
                "%-18s %8.1f ms wall %8.1f ms processor%n",
                what,
                times.wall() / 1e6,
                times.processor() / 1e6);
    }
}
