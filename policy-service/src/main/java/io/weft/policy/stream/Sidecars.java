package io.weft.policy.stream;

import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.Registration;
import io.weft.model.wire.Ack;
import io.weft.model.wire.Report;
import io.weft.model.wire.Subscription;
import java.util.concurrent.CompletionStage;

/**
 * What the control plane does for connected sidecars and gateways. Thread-safe, never blocks; a
 * stage fails with {@link Refusal} when the peer asks for what is not its own.
 */
public interface Sidecars {

    /** A workload says what it is, or what has changed of it. */
    CompletionStage<Void> register(SpiffeId peer, Registration registration);

    /** A workload leaves. */
    CompletionStage<Void> deregister(SpiffeId peer, String instance);

    /** Which destinations it wants to know. */
    CompletionStage<Void> subscribe(SpiffeId peer, String instance, Subscription subscription);

    /**
     * It listens from now on; an older stream of the same instance is closed.
     *
     * @param peer with the end of the certificate, and with it of the stream
     */
    CompletionStage<Void> open(Peer peer, String instance, LineSink lines);

    /** Whether the instance may open a stream. */
    CompletionStage<Void> mayOpen(SpiffeId peer, String instance);

    /** What became of a delta. */
    CompletionStage<Void> acknowledge(SpiffeId peer, String instance, Ack ack);

    /** What it has met that the control plane can mend. */
    CompletionStage<Void> report(SpiffeId peer, String instance, Report report);

    /** Which workload an instance is of. */
    CompletionStage<WorkloadId> workload(SpiffeId peer, String instance);

    /** A request is not granted. */
    final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int status;

        public Refusal(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }

        /** The HTTP status that says so. */
        public int status() {
            return status;
        }
    }
}
