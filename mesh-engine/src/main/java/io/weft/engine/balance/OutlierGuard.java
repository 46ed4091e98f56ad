package io.weft.engine.balance;

import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import io.weft.model.cluster.OutlierDetection;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ejects the failing endpoints of one cluster and lets them return.
 *
 * <ul>
 *   <li>An endpoint whose failures reach a limit is ejected if the ejected, with it, are at most
 *       {@code maxEjectionPercent} of all, or if none is ejected yet and the percentage is not 0.
 *   <li>Without probation, by Envoy's rules: it returns at the first sweep after {@code
 *       baseEjection} times the number of its ejections, at most 300 s; each interval that it then
 *       stays takes one off that number.
 *   <li>With probation, by Linkerd's: after its penalty one request is its probe, which brings it
 *       back or doubles the penalty. What comes back of earlier requests meanwhile does not count.
 * </ul>
 *
 * Sweeps happen when a request comes by after their time: without requests nobody needs them.
 */
final class OutlierGuard {

    private final MeshClock clock;
    private final RandomSource random;
    private @Nullable OutlierDetection settings;
    private List<OutlierState> members = List.of();
    private volatile int ejected;
    private volatile long nextSweep;
    private volatile int epoch;

    /** A success rate needs every outcome; failures in a row only those after a failure. */
    private volatile boolean countsSuccesses;

    OutlierGuard(MeshClock clock, RandomSource random) {
        this.clock = clock;
        this.random = random;
    }

    /** Grows whenever the set of endpoints that may be picked changes. */
    int epoch() {
        return epoch;
    }

    /** The set of endpoints that may be picked has changed for another reason. */
    synchronized void changed() {
        epoch++;
    }

    synchronized void configure(
            @Nullable OutlierDetection newSettings, Collection<OutlierState> newMembers) {
        boolean otherWay = probes(settings) != probes(newSettings);
        settings = newSettings;
        countsSuccesses = newSettings != null && newSettings.successRate() != null;
        members = List.copyOf(newMembers);
        int stillOut = 0;
        for (OutlierState member : members) {
            member.configure(newSettings);
            if (!member.isIn() && (newSettings == null || otherWay)) {
                member.redeem(clock.nanoTime());
            }
            stillOut += member.isIn() ? 0 : 1;
        }
        ejected = stillOut;
        epoch++;
    }

    private static boolean probes(@Nullable OutlierDetection settings) {
        return settings != null && settings.probation() != null;
    }

    /** Whether the endpoint may be used for a request: on probation, for one only. */
    boolean admits(OutlierState member) {
        return !member.isOnProbation() || takesProbe(member);
    }

    private synchronized boolean takesProbe(OutlierState member) {
        if (member.isIn()) {
            return true;
        }
        OutlierDetection current = settings;
        OutlierDetection.Probation probation = current == null ? null : current.probation();
        if (probation == null) {
            return true;
        }
        long until = clock.nanoTime() + probation.maxPenalty().toNanos();
        boolean taken = member.takeProbe(until);
        if (taken) {
            sweepAt(until);
            epoch++;
        }
        return taken;
    }

    /** Notes that the endpoint wants no requests for so long: ejected, it stays out that long. */
    void rest(OutlierState member, long nanos) {
        synchronized (this) {
            if (probes(settings)) {
                member.rest(clock.nanoTime() + nanos);
            }
        }
    }

    void record(OutlierState member, Outcome outcome) {
        boolean counts = countsSuccesses || outcome.isServerFailure() || !member.isClean();
        if (!counts || (outcome == Outcome.CANCELLED && !member.isOnProbation())) {
            return;
        }
        synchronized (this) {
            OutlierDetection current = settings;
            if (current == null) {
                return;
            }
            if (member.isOnProbation()) {
                decideProbe(member, outcome, current);
                return;
            }
            if (outcome == Outcome.CANCELLED || (probes(current) && member.isEjected())) {
                return; // it answers a request that was sent before
            }
            EjectionReason reason = member.count(outcome, clock.nanoTime());
            if (reason != null) {
                tryEject(member, current, reason);
            }
        }
    }

    private void decideProbe(OutlierState member, Outcome outcome, OutlierDetection current) {
        EjectionReason reason = member.reason();
        if (outcome == Outcome.CANCELLED) {
            member.onProbation(); // it says nothing: the next request is the probe
        } else if (reason == null || member.redeems(outcome)) {
            member.redeem(clock.nanoTime());
            ejected--;
        } else {
            eject(member, current, reason);
        }
        epoch++;
    }

    private void tryEject(OutlierState member, OutlierDetection current, EjectionReason reason) {
        if (member.isEjected() || !members.contains(member)) {
            return; // it answered a request that was sent before
        }
        int percent = current.maxEjectionPercent();
        boolean withinShare = 100L * (ejected + 1) <= (long) percent * members.size();
        if (withinShare || (ejected == 0 && percent > 0)) {
            eject(member, current, reason);
            ejected++;
            epoch++;
        }
    }

    private void eject(OutlierState member, OutlierDetection current, EjectionReason reason) {
        long now = clock.nanoTime();
        OutlierDetection.Probation probation = current.probation();
        if (probation != null) {
            int times = member.ejections() + 1;
            member.eject(now + Penalty.byProbes(probation, times, random), reason);
            sweepAt(member.until());
            return;
        }
        member.forgive(now, current);
        member.eject(now + Penalty.bySweeps(current, member.ejections() + 1), reason);
        if (ejected == 0) {
            nextSweep = now + current.interval().toNanos();
        }
    }

    /** With probation sweeps come when something is due, not at intervals. */
    private void sweepAt(long nanos) {
        if (ejected == 0 || nanos - nextSweep < 0) {
            nextSweep = nanos;
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
        if (current.probation() != null) {
            beginProbations(now, current.probation());
            return;
        }
        long interval = Math.max(1, current.interval().toNanos());
        nextSweep += interval * ((now - nextSweep) / interval + 1);
        for (OutlierState member : members) {
            if (member.isEjected() && now - member.until() >= 0) {
                member.restore(now);
                ejected--;
                epoch++;
            }
        }
    }

    private void beginProbations(long now, OutlierDetection.Probation probation) {
        nextSweep = now + Math.max(1, probation.maxPenalty().toNanos());
        for (OutlierState member : members) {
            if (member.isEjected() && now - member.until() >= 0) {
                member.onProbation();
                epoch++;
            } else if (member.isEjected()) {
                sweepAt(member.until());
            }
        }
    }
}
