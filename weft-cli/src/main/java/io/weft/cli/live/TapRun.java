package io.weft.cli.live;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.shell.CommandProblem;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Listens to a tap beside what else is done, for a while or until it ends. */
final class TapRun implements AutoCloseable {

    private final AtomicReference<@Nullable CommandProblem> problem = new AtomicReference<>();
    private final Thread listener;

    private TapRun(ControlPlane control, Map<String, Object> asked, Consumer<JsonNode> onLine) {
        this.listener =
                Thread.ofPlatform()
                        .daemon()
                        .name("weft-tap")
                        .start(() -> {
                            try {
                                control.follow("/api/v1/tap", asked, onLine);
                            } catch (CommandProblem e) {
                                problem.set(e);
                            }
                        });
    }

    /**
     * Begins.
     *
     * @param onLine called by another thread
     */
    static TapRun start(
            ControlPlane control, Map<String, Object> asked, Consumer<JsonNode> onLine) {
        return new TapRun(control, asked, onLine);
    }

    /**
     * Waits.
     *
     * @return whether the tap is still open
     * @throws CommandProblem when it could not be opened, or broke
     */
    boolean await(Duration most) {
        try {
            boolean over = listener.join(most);
            CommandProblem found = problem.get();
            if (over && found != null) {
                throw found;
            }
            return !over;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        listener.interrupt();
    }
}
