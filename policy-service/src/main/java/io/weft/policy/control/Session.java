package io.weft.policy.control;

import io.weft.model.SpiffeId;
import io.weft.model.catalog.Registration;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.wire.Ack;
import io.weft.model.wire.StreamMessage;
import io.weft.model.wire.Subscription;
import io.weft.model.wire.Tap;
import io.weft.policy.stream.LineSink;
import io.weft.policy.stream.Peer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One sidecar or gateway: what it shall have, what it has, and what is on its way. At most one
 * delta is under way: the next one is made from the newest state when that one was written and
 * acknowledged, so a slow reader costs one line of memory, not a queue, and a refused delta leaves
 * no doubt about what the receiver has. For the control thread.
 */
final class Session {

    /** Ticks (seconds) for which a registration outlives its stream. */
    static final int LEASE_AFTER_STREAM = 15;

    /** Ticks for which a new registration waits for its first stream. */
    static final int LEASE_BEFORE_STREAM = 30;

    private static final int HEARTBEAT_TICKS = 5;

    /** A receiver that does not answer is sent the next delta nevertheless. */
    private static final int ACK_TICKS = 10;

    private static final int MAX_REASON = 2000;

    private final SpiffeId identity;
    private Registration registration;
    private Set<String> routes = Set.of();
    private Map<String, String> announced = Map.of();

    private ResourceVersions wanted = ResourceVersions.NONE;
    private long wantedRevision;
    private String wantedCommit = "";

    private @Nullable LineSink lines;
    private @Nullable Peer peer;
    private boolean writing;
    private boolean due;
    private Map<String, String> has = Map.of();

    /**
     * What it may have instead: whether a receiver goes on from a delta that it refused or never
     * answered, or from what it had before, the next delta must be right.
     */
    private Map<String, String> doubtful = Map.of();

    private @Nullable Sent underWay;
    private int ticksSinceWrite;
    private int lease = LEASE_BEFORE_STREAM;

    private long acknowledgedRevision;
    private long refusedRevision;
    private String acknowledgedCommit = "";
    private InstanceStatus.@Nullable Refused refusal;
    private List<Tap> taps = List.of();

    Session(SpiffeId identity, Registration registration) {
        this.identity = identity;
        this.registration = registration;
    }

    SpiffeId identity() {
        return identity;
    }

    Registration registration() {
        return registration;
    }

    void registered(Registration newer) {
        registration = newer;
        if (lines == null) {
            lease = LEASE_BEFORE_STREAM;
        }
    }

    Set<String> routes() {
        return routes;
    }

    ResourceVersions wanted() {
        return wanted;
    }

    void subscribed(Subscription subscription) {
        routes = Set.copyOf(subscription.routes());
        // Beside an open stream an empty map only says that nothing is announced.
        if (lines == null || !subscription.have().isEmpty()) {
            announced = subscription.have();
        }
    }

    /**
     * Sets what it shall have. A commit that changes nothing of it is told to nobody: who has
     * acknowledged all that this one holds, has this one.
     */
    void want(ResourceVersions newer, long revision, String commit) {
        if (!newer.isSame(wanted)) {
            wantedRevision = revision;
            due = true;
        } else if (acknowledgedRevision == wantedRevision) {
            acknowledgedCommit = commit;
        }
        wantedCommit = commit;
        wanted = newer;
    }

    boolean isConnected() {
        return lines != null;
    }

    void opened(LineSink stream, Peer by) {
        LineSink before = lines;
        lines = stream;
        peer = by;
        writing = false;
        underWay = null;
        has = announced;
        doubtful = announced;
        announced = Map.of();
        due = wantedRevision > 0;
        ticksSinceWrite = 0;
        if (before != null) {
            before.close();
        }
    }

    /** Its stream has ended; false when a newer one has taken its place already. */
    boolean ended(LineSink stream) {
        if (lines != stream) {
            return false;
        }
        lines = null;
        underWay = null;
        writing = false;
        lease = LEASE_AFTER_STREAM;
        return true;
    }

    /** The taps that it was told of. */
    List<Tap> taps() {
        return taps;
    }

    void tapped(List<Tap> told) {
        taps = told;
    }

    void close() {
        LineSink stream = lines;
        if (stream != null) {
            stream.close();
        }
    }

    /** The delta that is to be written now; null when there is nothing to send, or not yet. */
    @Nullable Outgoing next() {
        LineSink stream = lines;
        if (stream == null || writing || underWay != null || !due) {
            return null;
        }
        due = false;
        writing = true;
        ticksSinceWrite = 0;
        underWay = new Sent(wantedRevision, wantedCommit, wanted.hashes(), 0);
        return new Outgoing(
                stream, wanted.since(has, doubtful, Revisions.text(wantedRevision), wantedCommit));
    }

    /** A line has left. */
    void written(LineSink stream) {
        if (lines == stream) {
            writing = false;
        }
    }

    /** Takes an answer; false when it is not about the delta under way. */
    boolean acknowledged(Ack ack, Instant now) {
        Sent sent = underWay;
        if (sent == null || !Revisions.text(sent.revision()).equals(ack.revision())) {
            return false;
        }
        underWay = null;
        if (ack.accepted()) {
            has = sent.hashes();
            doubtful = has;
            acknowledgedRevision = sent.revision();
            // A commit that changes nothing may have come meanwhile.
            acknowledgedCommit = sent.revision() == wantedRevision ? wantedCommit : sent.commit();
            refusal = null;
            refusedRevision = 0;
        } else {
            doubtful = sent.hashes();
            refusedRevision = sent.revision();
            refusal = new InstanceStatus.Refused(ack.revision(), reason(ack), now);
        }
        return true;
    }

    /**
     * One second has passed.
     *
     * @return what is to be done
     */
    Tick tick(Instant now) {
        LineSink stream = lines;
        if (stream == null) {
            lease--;
            return lease > 0 ? Tick.NOTHING : Tick.EXPIRED;
        }
        if (peer != null && !now.isBefore(peer.notAfter())) {
            stream.close();
            return Tick.NOTHING;
        }
        Sent sent = underWay;
        if (sent != null && !writing) {
            underWay = sent.older();
            if (sent.ticks() >= ACK_TICKS) {
                doubtful = sent.hashes();
                underWay = null;
                return Tick.UNANSWERED;
            }
        }
        ticksSinceWrite++;
        if (!writing && ticksSinceWrite >= HEARTBEAT_TICKS) {
            writing = true;
            ticksSinceWrite = 0;
            return Tick.HEARTBEAT;
        }
        return Tick.NOTHING;
    }

    @Nullable LineSink lines() {
        return lines;
    }

    private static String reason(Ack ack) {
        String reason = ack.reason() == null ? "" : ack.reason();
        return reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
    }

    /** Whether it has answered, well or ill, for all that it shall have as of the revision. */
    boolean hasAnswered(long revision) {
        long answered = Math.max(acknowledgedRevision, refusedRevision);
        return answered >= Math.min(revision, wantedRevision);
    }

    long wantedRevision() {
        return wantedRevision;
    }

    /** Whether it has acknowledged what it shall have. */
    boolean isInSync() {
        return wantedRevision > 0 && wantedRevision == acknowledgedRevision;
    }

    InstanceStatus status() {
        return new InstanceStatus(
                registration,
                identity.uri(),
                lines != null,
                Revisions.textOrEmpty(wantedRevision),
                wantedCommit,
                Revisions.textOrEmpty(acknowledgedRevision),
                acknowledgedCommit,
                isInSync(),
                refusal,
                wanted.byKey().size(),
                trustsAll(),
                peer == null ? "" : peer.root(),
                peer == null ? "" : peer.serial(),
                peer == null ? null : peer.notAfter(),
                SyncByType.of(wanted.hashes(), has));
    }

    /** Whether it has acknowledged every trust bundle as it is now. */
    private boolean trustsAll() {
        Map<String, String> hashes = wanted.hashes();
        return !hashes.isEmpty()
                && hashes.entrySet().stream()
                        .filter(each -> each.getKey().startsWith(ResourceKeys.trust("")))
                        .allMatch(each -> each.getValue().equals(has.get(each.getKey())));
    }

    /** Ends the stream of a peer that is no longer accepted. */
    void endIf(Predicate<Peer> refused) {
        Peer by = peer;
        LineSink stream = lines;
        if (by != null && stream != null && refused.test(by)) {
            stream.close();
        }
    }

    /** What a second may bring. */
    enum Tick {
        NOTHING,
        HEARTBEAT,
        /** The delta under way was not answered in time. */
        UNANSWERED,
        /** The lease is over. */
        EXPIRED
    }

    /** A delta and where it goes. */
    record Outgoing(LineSink lines, StreamMessage.Delta delta) {}

    private record Sent(long revision, String commit, Map<String, String> hashes, int ticks) {
        Sent older() {
            return new Sent(revision, commit, hashes, ticks + 1);
        }
    }
}
