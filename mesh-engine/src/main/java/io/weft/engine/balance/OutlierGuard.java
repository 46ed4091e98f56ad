package io.weft.engine.balance;

import io.weft.engine.MeshClock;
import io.weft.model.cluster.OutlierDetection;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ejects the failing endpoints of one cluster and lets them return, by Envoy's rules:
 *
 * <ul>
 *   <li>an endpoint whose failures in a row reach a limit is ejected if the ejected, with it, are
 *       at most {@code maxEjectionPercent} of all, or if none is ejected yet and the percentage is
 *       not 0;
 *   <li>it returns at the first sweep after {@code baseEjection} times the number of its ejections,
 *       at most 300 s; each interval that it then stays takes one off that number.
 * </ul>
 *
 * Sweeps happen when a request comes by after their time: without requests nobody needs them.
 */
final class OutlierGuard {

    static final long MAX_EJECTION_NANOS = 300_000_000_000L;

    private final MeshClock clock;
    private @Nullable OutlierDetection settings;
    private List<OutlierState> members = List.of();
    private volatile int ejected;
    private volatile long nextSweep;
    private volatile int epoch;

    /** A success rate needs every outcome; failures in a row only those after a failure. */
    private volatile boolean countsSuccesses;

    OutlierGuard(MeshClock clock) {
        this.clock = clock;
    }

    /** Grows whenever the set of ejected endpoints changes. */
    int epoch() {
        return epoch;
    }

    /** The set of endpoints that may be picked has changed for another reason. */
    synchronized void changed() {
        epoch++;
    }

    synchronized void configure(
            @Nullable OutlierDetection newSettings, Collection<OutlierState> newMembers) {
        settings = newSettings;
        countsSuccesses = newSettings != null && newSettings.successRate() != null;
        members = List.copyOf(newMembers);
        int stillEjected = 0;
        for (OutlierState member : members) {
            member.configure(newSettings);
            if (newSettings == null && member.isEjected()) {
                member.restore(clock.nanoTime());
            }
            stillEjected += member.isEjected() ? 1 : 0;
        }
        ejected = stillEjected;
        epoch++;
    }

    void record(OutlierState member, Outcome outcome) {
        boolean counts = countsSuccesses || outcome != Outcome.SUCCESS || !member.isClean();
        if (outcome == Outcome.CANCELLED || !counts) {
            return;
        }
        synchronized (this) {
            if (settings != null && member.count(outcome, clock.nanoTime())) {
                tryEject(member, settings);
            }
        }
    }

    private void tryEject(OutlierState member, OutlierDetection current) {
        if (member.isEjected() || !members.contains(member)) {
            return; // it answered a request that was sent before
        }
        int percent = current.maxEjectionPercent();
        boolean withinShare = 100L * (ejected + 1) <= (long) percent * members.size();
        if (withinShare || (ejected == 0 && percent > 0)) {
            long now = clock.nanoTime();
            if (ejected == 0) {
                nextSweep = now + current.interval().toNanos();
            }
            member.eject(now, current);
            ejected++;
            epoch++;
        }
    }

    /** Lets endpoints return whose time is over, if a sweep is due. */
    void sweep() {
        if (ejected > 0 && clock.nanoTime() - nextSweep >= 0) {
            sweepNow();
        }
    }

    private synchronized void sweepNow() {
        OutlierDetection current = settings;
        long now = clock.nanoTime();
        if (current == null || now - nextSweep < 0) {
            return;
        }
        long interval = Math.max(1, current.interval().toNanos());
        nextSweep += interval * ((now - nextSweep) / interval + 1);
        for (OutlierState member : members) {
            if (member.isEjected() && now - member.returnsAt(current) >= 0) {
                member.restore(now);
                ejected--;
                epoch++;
            }
        }
    }
}
