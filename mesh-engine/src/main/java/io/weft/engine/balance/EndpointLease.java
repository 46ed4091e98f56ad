package io.weft.engine.balance;

import io.weft.engine.MeshClock;
import io.weft.model.cluster.Endpoint;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One try at one endpoint: counts as active until it is completed, exactly once (later calls do
 * nothing). May be completed on another thread than it was taken.
 */
public final class EndpointLease {

    private static final VarHandle DONE;

    static {
        try {
            DONE = MethodHandles.lookup().findVarHandle(EndpointLease.class, "done", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Member member;
    private final OutlierGuard guard;
    private final MeshClock clock;
    private final long startedAt;

    @SuppressWarnings("UnusedVariable") // through DONE
    private boolean done;

    EndpointLease(Member member, OutlierGuard guard, MeshClock clock) {
        this.member = member;
        this.guard = guard;
        this.clock = clock;
        startedAt = clock.nanoTime();
        member.state().started();
    }

    public Endpoint endpoint() {
        return member.endpoint();
    }

    /** The rank of the endpoint's locality or fail-over set, 0 is the nearest. */
    public int priority() {
        return member.priority();
    }

    /** When the try began, on the mesh clock. */
    public long startedAtNanos() {
        return startedAt;
    }

    /**
     * Notes, before it is completed, that the endpoint asks to be left alone.
     *
     * @param nanos as {@link RestHint} reads them
     */
    public void rest(long nanos) {
        guard.rest(member.state().outlier(), nanos);
    }

    /** Completes; the latency is the time since the lease was taken. */
    public void complete(Outcome outcome) {
        complete(outcome, clock.nanoTime() - startedAt);
    }

    /**
     * Completes.
     *
     * @param latencyNanos until the answer's head
     */
    public void complete(Outcome outcome, long latencyNanos) {
        if (!DONE.compareAndSet(this, false, true)) {
            return;
        }
        member.state().ended();
        if (outcome != Outcome.CANCELLED) {
            member.state().observe(latencyNanos, clock.nanoTime());
        }
        guard.record(member.state().outlier(), outcome);
    }
}
