package io.weft.policy.traffic;

import io.weft.model.wire.SidecarState;
import io.weft.model.wire.SidecarState.LeftOut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How sidecars said they are, by instance; bounded. Thread-safe. */
public final class SidecarStates {

    private static final int MAX_INSTANCES = 20_000;
    private static final int MAX_LEFT_OUT = 50;
    private static final int MAX_TEXT = 300;

    private final Map<String, SidecarState> told = new HashMap<>();

    /** Takes what an instance says; of too much, the beginning. */
    synchronized void put(String instance, SidecarState state) {
        if (told.size() < MAX_INSTANCES || told.containsKey(instance)) {
            told.put(instance, bounded(state));
        }
    }

    private static SidecarState bounded(SidecarState state) {
        List<LeftOut> kept =
                state.leftOut().stream()
                        .limit(MAX_LEFT_OUT)
                        .filter(each ->
                                isShort(each.host())
                                        && isShort(each.subset())
                                        && isShort(each.endpoint())
                                        && isShort(each.why()))
                        .toList();
        return new SidecarState(
                isShort(state.serial()) ? state.serial() : "",
                state.notBefore(),
                state.notAfter(),
                state.draining(),
                kept,
                state.more() + state.leftOut().size() - kept.size());
    }

    private static boolean isShort(@Nullable String text) {
        return text != null && text.length() <= MAX_TEXT;
    }

    /** Null when it has said nothing. */
    public synchronized @Nullable SidecarState of(String instance) {
        return told.get(instance);
    }

    /** What is known of these instances; that of others is forgotten. */
    public synchronized Map<String, SidecarState> retain(Set<String> instances) {
        told.keySet().retainAll(instances);
        return Map.copyOf(told);
    }

    /** Which instances leave an endpoint of a service out, and why. */
    public static List<Seen> leavingOut(
            Map<String, SidecarState> states, String host, int port, String endpoint) {
        List<Seen> found = new ArrayList<>();
        states.forEach((instance, state) -> {
            for (LeftOut each : state.leftOut()) {
                if (each.endpoint().equals(endpoint)
                        && each.port() == port
                        && each.host().equals(host)) {
                    found.add(
                            new Seen(
                                    instance,
                                    each.subset(),
                                    each.sick(),
                                    each.ejections(),
                                    each.why()));
                }
            }
        });
        found.sort(java.util.Comparator.comparing(Seen::by));
        return found;
    }

    /**
     * An endpoint as one instance sees it.
     *
     * @param by {@code namespace/instance}
     * @param sick it failed its health check; else outlier detection has ejected it
     */
    public record Seen(String by, String subset, boolean sick, int ejections, String why) {}
}
