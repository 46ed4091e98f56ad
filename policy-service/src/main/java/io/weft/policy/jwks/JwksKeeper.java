package io.weft.policy.jwks;

import io.weft.model.resource.JwksSet;
import io.weft.model.wire.MeshCodec;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the key sets that policies name. A set is fetched at once when it is first named, then
 * every refresh interval, and sooner after a failure; through an outage and a restart the last good
 * keys stay. Thread-safe; {@link #tick} is called about once a second.
 */
public final class JwksKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(JwksKeeper.class);
    private static final String FILE = "jwks.json";
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    /**
     * However often it is asked for: a flood of unknown key ids must not become a flood of fetches.
     */
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(30);

    private final JwksFetcher fetcher;
    private final Duration refresh;
    private final StateDirectory state;
    private final InstantSource clock;
    private final KeySetFilter filter = new KeySetFilter();
    private final MeshCodec codec = new MeshCodec();
    private final Map<String, KeptKeySet> sets = new TreeMap<>();
    private Set<String> wanted = Set.of();
    private volatile Runnable changed = () -> {};

    public JwksKeeper(
            JwksFetcher fetcher, Duration refresh, StateDirectory state, InstantSource clock) {
        this.fetcher = fetcher;
        this.refresh = refresh;
        this.state = state;
        this.clock = clock;
        restore();
    }

    private void restore() {
        try {
            state.read(FILE)
                    .map(text -> codec.read(text, StoredSet[].class))
                    .map(List::of)
                    .orElse(List.of())
                    .forEach(each ->
                            sets.put(
                                    each.uri(),
                                    KeptKeySet.unknown().succeeded(each.json(), each.fetchedAt())));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "{} cannot be read ({}); the key sets are fetched anew",
                    state.path(FILE),
                    e.getMessage());
        }
    }

    /** Who is told when a key set has other keys than before. */
    public void onChange(Runnable listener) {
        changed = listener;
    }

    /** The key sets that policies name now. */
    public void want(Set<String> uris) {
        synchronized (this) {
            wanted = Set.copyOf(uris);
            sets.keySet().retainAll(wanted);
            wanted.forEach(uri -> sets.computeIfAbsent(uri, any -> KeptKeySet.unknown()));
        }
        tick();
    }

    /** The keys, null while they were never fetched. */
    public synchronized @Nullable JwksSet find(String uri) {
        KeptKeySet kept = sets.get(uri);
        return kept == null || kept.json() == null ? null : new JwksSet(uri, kept.json());
    }

    /** How each key set does. */
    public synchronized List<JwksStatus> status() {
        return sets.entrySet().stream()
                .map(each ->
                        new JwksStatus(
                                each.getKey(),
                                each.getValue().fetchedAt(),
                                each.getValue().error()))
                .toList();
    }

    /**
     * Someone has met a key id that is not in the set: fetch it soon, but not more often than
     * allowed.
     */
    public CompletionStage<Void> refreshSoon(String uri) {
        synchronized (this) {
            KeptKeySet kept = sets.get(uri);
            if (kept == null || isSooner(kept.attemptedAt(), MIN_INTERVAL)) {
                return CompletableFuture.completedStage(null);
            }
        }
        return fetch(uri);
    }

    /** Fetches what is due. */
    public void tick() {
        List<String> due;
        synchronized (this) {
            due =
                    sets.entrySet().stream()
                            .filter(each ->
                                    !isSooner(
                                            each.getValue().attemptedAt(), pause(each.getValue())))
                            .map(Map.Entry::getKey)
                            .toList();
        }
        due.forEach(this::fetch);
    }

    private Duration pause(KeptKeySet kept) {
        if (kept.failures() == 0) {
            return refresh;
        }
        Duration doubled = FIRST_RETRY.multipliedBy(1L << Math.min(kept.failures() - 1, 10));
        Duration retry = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
        return retry.compareTo(refresh) > 0 ? refresh : retry;
    }

    private boolean isSooner(Instant since, Duration pause) {
        return clock.instant().isBefore(since.plus(pause));
    }

    private CompletionStage<Void> fetch(String uri) {
        synchronized (this) {
            sets.computeIfPresent(uri, (any, kept) -> kept.attempted(clock.instant()));
        }
        CompletionStage<String> fetched;
        try {
            fetched = fetcher.fetch(URI.create(uri));
        } catch (RuntimeException e) {
            fetched = CompletableFuture.failedStage(e);
        }
        return fetched.thenApply(filter::publicKeys)
                .handle((keys, failure) -> {
                    if (failure == null) {
                        succeeded(uri, keys);
                    } else {
                        failed(uri, failure);
                    }
                    return null;
                });
    }

    private void succeeded(String uri, String keys) {
        boolean other;
        synchronized (this) {
            KeptKeySet kept = sets.get(uri);
            if (kept == null) {
                return; // no policy names it any more
            }
            other = !keys.equals(kept.json());
            sets.put(uri, kept.succeeded(keys, clock.instant()));
            if (other) {
                store();
            }
        }
        if (other) {
            LOG.info("keys of {} fetched", uri);
            changed.run();
        }
    }

    private void failed(String uri, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        String reason =
                cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        synchronized (this) {
            KeptKeySet kept = sets.get(uri);
            if (kept == null) {
                return;
            }
            if (kept.failures() == 0) {
                LOG.warn(
                        "keys of {} cannot be fetched: {}; {}",
                        uri,
                        reason,
                        kept.json() == null
                                ? "no token of this issuer verifies"
                                : "the last good ones stay");
            }
            sets.put(uri, kept.failed(reason));
        }
    }

    private void store() {
        List<StoredSet> stored =
                sets.entrySet().stream()
                        .filter(each -> each.getValue().json() != null)
                        .map(each ->
                                new StoredSet(
                                        each.getKey(),
                                        String.valueOf(each.getValue().json()),
                                        Objects.requireNonNullElse(
                                                each.getValue().fetchedAt(), Instant.EPOCH)))
                        .toList();
        try {
            state.write(FILE, new String(codec.write(stored), StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}", state.path(FILE), StateDirectory.reason(e));
        }
    }

    private record StoredSet(String uri, String json, Instant fetchedAt) {}
}
