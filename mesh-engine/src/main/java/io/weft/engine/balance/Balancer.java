package io.weft.engine.balance;

import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import io.weft.engine.RequestFacts;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.resource.Cluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks endpoints of one cluster as one configuration has it; what is remembered of endpoints
 * belongs to {@link Balancers} and outlives it. Thread-safe; picks take no lock unless endpoints
 * are ejected or restored.
 */
public final class Balancer {

    private static final int TRIES_TO_AVOID = 5;
    private static final int PER_MILLE = 1000;

    private final Cluster cluster;
    private final List<Member> members;
    private final Layout layout;
    private final OutlierGuard guard;
    private final ClusterCounters counters;
    private final MeshClock clock;
    private final RandomSource random;
    private final LoadBalancing.@Nullable HashKey hashKey;
    private final EndpointCare.@Nullable SlowStart slowStart;
    private volatile Availability availability;

    Balancer(
            Cluster cluster,
            List<Member> members,
            Layout layout,
            OutlierGuard guard,
            ClusterCounters counters,
            MeshClock clock,
            RandomSource random) {
        this.cluster = cluster;
        this.members = members;
        this.layout = layout;
        this.guard = guard;
        this.counters = counters;
        this.clock = clock;
        this.random = random;
        hashKey =
                cluster.balancing() instanceof LoadBalancing.ConsistentHash(var key, var t, var r)
                        ? key
                        : null;
        slowStart = cluster.care() == null ? null : cluster.care().slowStart();
        availability = layout.available(guard.epoch());
    }

    public Cluster cluster() {
        return cluster;
    }

    /** What the cluster has in use against its limits. */
    public ClusterCounters counters() {
        return counters;
    }

    /** Whether connections go where the caller wanted, so that there is nothing to pick. */
    public boolean isPassthrough() {
        return cluster.balancing() instanceof LoadBalancing.Passthrough;
    }

    /** Whether no endpoint is known at all, healthy or not. */
    public boolean isEmpty() {
        return members.isEmpty();
    }

    /**
     * The cookie that the caller should set, because the request lacks it and the policy wants it;
     * null when there is nothing to set. Its value goes into {@link PickOptions#hashing}.
     */
    public LoadBalancing.HashKey.@Nullable Cookie cookieToSet(RequestFacts facts) {
        return hashKey instanceof LoadBalancing.HashKey.Cookie cookie
                        && cookie.ttl() != null
                        && facts.isHttp()
                        && Hashing.text(cookie, facts) == null
                ? cookie
                : null;
    }

    /** As {@link #pick(RequestFacts, PickOptions)} for a first try. */
    public @Nullable EndpointLease pick(RequestFacts facts) {
        return pick(facts, PickOptions.FIRST);
    }

    /**
     * Picks.
     *
     * @return a lease that must be completed, or null when no endpoint is available (UH)
     */
    public @Nullable EndpointLease pick(RequestFacts facts, PickOptions options) {
        long hash = Hashing.hash(hashKey, facts, options, random);
        for (Availability now = availability(); !now.isNone(); now = availability()) {
            Member member =
                    options.avoid().isEmpty() || hashKey != null
                            ? now.choose(hash, random)
                            : chooseUntried(now, hash, options);
            member = afterSlowStart(member, now, hash);
            // Who loses the race for an endpoint's one probe chooses anew, among the others.
            if (guard.admits(member.state().outlier())) {
                return new EndpointLease(member, guard, clock);
            }
        }
        return null;
    }

    private Member chooseUntried(Availability now, long hash, PickOptions options) {
        List<Endpoint> tried = options.avoid();
        if (options.leaveLocality()) {
            Member elsewhere = now.inAnotherPriority(tried, hash);
            if (elsewhere != null) {
                return elsewhere;
            }
        }
        Member member = now.choose(hash, random);
        for (int i = 1; i < TRIES_TO_AVOID && isTried(member, tried); i++) {
            member = now.choose(hash, random);
        }
        if (!isTried(member, tried)) {
            return member;
        }
        Member untried = now.firstExcept(tried, member.priority());
        return untried == null ? member : untried;
    }

    static boolean isTried(Member member, List<Endpoint> tried) {
        for (int i = 0; i < tried.size(); i++) {
            Endpoint endpoint = tried.get(i);
            if (endpoint.id().equals(member.endpoint().id())
                    && endpoint.address().equals(member.endpoint().address())
                    && endpoint.port() == member.endpoint().port()) {
                return true;
            }
        }
        return false;
    }

    private Availability availability() {
        guard.sweep();
        Availability current = availability;
        int epoch = guard.epoch();
        if (current.epoch() != epoch) {
            current = layout.available(epoch);
            availability = current;
        }
        return current;
    }

    /** Says what an active check has found; a sick endpoint is left out until it is well. */
    public void health(Endpoint endpoint, boolean well) {
        for (Member member : members) {
            if (member.endpoint().equals(endpoint) && member.state().sick() == well) {
                member.state().sick(!well);
                if (well) {
                    member.state().since(clock.nanoTime());
                }
                guard.changed();
            }
        }
    }

    /** A newcomer takes its growing share; what it does not take yet goes to another. */
    private Member afterSlowStart(Member first, Availability now, long hash) {
        EndpointCare.SlowStart slow = slowStart;
        if (slow == null || hashKey != null) {
            return first;
        }
        long time = clock.nanoTime();
        Member member = first;
        for (int i = 0; i < TRIES_TO_AVOID; i++) {
            double share = member.state().share(time, slow);
            if (share >= 1 || random.nextInt(PER_MILLE) < share * PER_MILLE) {
                return member;
            }
            member = now.choose(hash, random);
        }
        return member;
    }

    /** All endpoints as they stand now. */
    public List<EndpointView> endpoints() {
        guard.sweep();
        return members.stream().map(Balancer::view).toList();
    }

    /** The endpoints that take nothing for now: ejected, or found wanting by active checks. */
    public List<EndpointView> leftOut() {
        guard.sweep();
        return members.stream()
                .filter(m -> m.state().outlier().isEjected() || m.state().sick())
                .map(Balancer::view)
                .toList();
    }

    private static EndpointView view(Member member) {
        EndpointState state = member.state();
        return new EndpointView(
                member.endpoint(),
                member.priority(),
                state.active(),
                state.outlier().isEjected(),
                state.outlier().ejections(),
                state.outlier().reason(),
                state.sick());
    }
}
