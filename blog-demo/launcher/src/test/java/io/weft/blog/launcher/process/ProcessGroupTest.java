package io.weft.blog.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessGroupTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir Path work;

    /** An application that says its arguments and then stays. */
    public static final class Talker {

        private Talker() {}

        public static void start(String... args) {
            System.out.println("started " + String.join(",", args));
        }
    }

    @Test
    void startsEveryInstanceInOneProcessAndLeavesNoneBehind() throws Exception {
        ServiceProcess process;
        try (ProcessGroup group = new ProcessGroup(work)) {
            process =
                    group.start(
                            "talker",
                            talker(),
                            32,
                            List.of(),
                            List.of(List.of("a", "b"), List.of("c")));
            assertThat(saysSoon(process, "started c")).isTrue();
            assertThat(Files.readString(process.log())).contains("started a,b");
            assertThat(group.pids()).containsExactly(process.pid());
        }
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void aKilledProcessIsGoneAtOnceAndNamedUntilItIsForgotten() throws Exception {
        try (ProcessGroup group = new ProcessGroup(work)) {
            ServiceProcess process =
                    group.start("talker", talker(), 32, List.of(), List.of(List.of("x")));
            process.kill();
            assertThat(process.isAlive()).isFalse();
            assertThat(group.dead()).containsExactly(process);
            group.forget(process);
            assertThat(group.dead()).isEmpty();
        }
    }

    @Test
    void instancesAreSeparatedByTwoDashes() {
        assertThat(InstanceHost.split(new String[] {"--a=1", "--", "--a=2", "--b=3"}))
                .containsExactly(new String[] {"--a=1"}, new String[] {"--a=2", "--b=3"});
    }

    private ExecutableJar talker() throws Exception {
        Path classes = Path.of("target", "test-classes").toAbsolutePath();
        Files.createDirectories(work.resolve("demo"));
        return new ExecutableJar(Talker.class.getName(), List.of(classes));
    }

    private static boolean saysSoon(ServiceProcess process, String text) throws Exception {
        return Deadline.in(PATIENCE)
                .awaitTrue(() -> Files.readString(process.log()).contains(text));
    }
}
