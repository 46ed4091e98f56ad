package io.weft.policy.traffic;

import io.weft.model.wire.Tap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Opens taps at sidecars and hands what they tell to whoever asked. The number of open taps is
 * bounded. Thread-safe.
 */
public final class TapDesk {

    /** How many may be open at once. */
    public static final int MAX_OPEN = 20;

    private final Consumer<List<OpenTap>> sidecars;
    private final Map<String, Listening> open = new LinkedHashMap<>();
    private long opened;

    private record Listening(OpenTap tap, Consumer<FateView> listener) {}

    /**
     * @param sidecars is told all open taps whenever they change
     */
    public TapDesk(Consumer<List<OpenTap>> sidecars) {
        this.sidecars = sidecars;
    }

    /**
     * Opens a tap.
     *
     * @param wanted its id is ignored
     * @param listener must not block
     * @return closes it
     * @throws IllegalStateException when too many are open
     */
    public synchronized AutoCloseable open(
            TapTarget target, Tap wanted, Consumer<FateView> listener) {
        if (open.size() >= MAX_OPEN) {
            throw new IllegalStateException(
                    "taps: " + open.size() + " are open (expected: fewer than " + MAX_OPEN + ")");
        }
        String id = "t" + ++opened;
        Tap tap =
                new Tap(
                        id,
                        wanted.method(),
                        wanted.pathPrefix(),
                        wanted.authority(),
                        wanted.peer(),
                        wanted.inbound(),
                        wanted.outbound(),
                        wanted.headers(),
                        wanted.perSecond());
        open.put(id, new Listening(new OpenTap(target, tap), listener));
        tell();
        return () -> close(id);
    }

    private synchronized void close(String id) {
        if (open.remove(id) != null) {
            tell();
        }
    }

    private void tell() {
        List<OpenTap> taps = new ArrayList<>();
        open.values().forEach(each -> taps.add(each.tap()));
        sidecars.accept(taps);
    }

    /** Hands on what sidecars have told; what nobody waits for any more is dropped. */
    public void told(List<FateView> fates) {
        for (FateView fate : fates) {
            Listening listening;
            synchronized (this) {
                listening = open.get(fate.fate().tap());
            }
            if (listening != null) {
                listening.listener().accept(fate);
            }
        }
    }

    /** How many are open. */
    public synchronized int size() {
        return open.size();
    }
}
