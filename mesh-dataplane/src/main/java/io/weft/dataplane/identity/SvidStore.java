package io.weft.dataplane.identity;

import io.weft.dataplane.state.StateFile;
import io.weft.model.Secret;
import io.weft.model.SpiffeId;
import io.weft.model.wire.IssuedCertificate;
import io.weft.model.wire.MeshCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workload's SVID, its key and the trust bundles, on disk below the state directory, so that a
 * restart needs no control plane. The key is only ever written there (0600). Thread-safe.
 */
public final class SvidStore {

    private static final Logger LOG = LoggerFactory.getLogger(SvidStore.class);
    private static final String FILE = "identity.json";

    private final StateFile file;
    private final MeshCodec codec = new MeshCodec();
    private volatile @Nullable Held held;

    /**
     * What is held.
     *
     * @param bundles trust domain → roots, PEM
     * @param controlPlane addresses of the stream, {@code host:port}
     */
    public record Held(Svid svid, Map<String, String> bundles, List<String> controlPlane) {
        public Held {
            bundles = Map.copyOf(bundles);
            controlPlane = List.copyOf(controlPlane);
        }

        static Held of(java.security.PrivateKey key, IssuedCertificate issued) {
            Svid svid = Svid.of(key, issued.chainPem());
            TrustBundles.parse(issued.trustBundles());
            return new Held(svid, issued.trustBundles(), issued.controlPlane());
        }
    }

    private record OnDisk(
            Secret keyPem,
            String chainPem,
            Map<String, String> bundles,
            List<String> controlPlane) {}

    private SvidStore(StateFile file) {
        this.file = file;
    }

    /**
     * Opens the store; what is on disk but damaged, or for another identity, counts as absent.
     *
     * @param identity whose SVID it must be
     */
    public static SvidStore open(Path stateDir, SpiffeId identity) {
        SvidStore store = new SvidStore(new StateFile(stateDir, FILE));
        store.held = store.file.read().flatMap(store::decode).orElse(null);
        Held found = store.held;
        if (found != null && !found.svid().id().equals(identity)) {
            LOG.warn(
                    "{}: holds {} (expected: {}), going on without it",
                    store.file.path(),
                    found.svid().id(),
                    identity);
            store.held = null;
        }
        return store;
    }

    /** What is held; it may have expired. */
    public Optional<Held> current() {
        return Optional.ofNullable(held);
    }

    /**
     * Puts another SVID in place of the one held. When the disk fails it is used all the same, and
     * the failure is logged: a renewed certificate in memory is better than an expired one.
     */
    public synchronized void save(Held next) {
        held = next;
        try {
            file.write(
                    codec.write(
                            new OnDisk(
                                    new Secret(Pem.encode(next.svid().key())),
                                    Pem.encode(next.svid().chain()),
                                    next.bundles(),
                                    next.controlPlane())));
        } catch (IOException e) {
            LOG.error(
                    "{}: cannot be written, a restart would have to join again: {}",
                    file.path(),
                    e.toString());
        }
    }

    private Optional<Held> decode(byte[] content) {
        try {
            OnDisk saved = codec.read(content, OnDisk.class);
            Svid svid = Svid.of(Pem.privateKey(saved.keyPem().reveal()), saved.chainPem());
            TrustBundles.parse(saved.bundles());
            return Optional.of(new Held(svid, saved.bundles(), saved.controlPlane()));
        } catch (IllegalArgumentException | NullPointerException e) {
            LOG.warn("{}: not usable, going on without it: {}", file.path(), e.getMessage());
            return Optional.empty();
        }
    }
}
