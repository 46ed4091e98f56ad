package io.weft.policy.control;

import io.weft.model.SpiffeId;
import io.weft.model.catalog.Registration;
import io.weft.model.wire.MeshCodec;
import io.weft.policy.source.PolicyBundle;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a restart needs: the last good bundle, and who was registered (else the first sidecar to
 * return would be told that all others are gone). Unreadable files are logged and passed over.
 */
final class StoredControl {

    private static final Logger LOG = LoggerFactory.getLogger(StoredControl.class);
    private static final String BUNDLE = "last-good-bundle.json";
    private static final String REGISTRATIONS = "registrations.json";

    private final StateDirectory state;
    private final MeshCodec codec = new MeshCodec();

    StoredControl(StateDirectory state) {
        this.state = state;
    }

    Optional<LastGood> lastGood() {
        return read(BUNDLE, LastGood.class);
    }

    void store(LastGood lastGood) {
        write(BUNDLE, lastGood);
    }

    List<Registered> registrations() {
        return read(REGISTRATIONS, Registered[].class).map(List::of).orElse(List.of());
    }

    void store(List<Registered> registrations) {
        write(REGISTRATIONS, registrations);
    }

    private <T> Optional<T> read(String file, Class<T> type) {
        try {
            return state.read(file).map(text -> codec.read(text, type));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} cannot be read and is passed over: {}", state.path(file), e.getMessage());
            return Optional.empty();
        }
    }

    private void write(String file, Object value) {
        try {
            state.write(file, new String(codec.write(value), StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Serving goes on; only a restart would not find it.
            LOG.error("{} cannot be written: {}", state.path(file), StateDirectory.reason(e));
        }
    }

    record LastGood(long revision, PolicyBundle bundle) {}

    record Registered(SpiffeId identity, Registration registration) {}
}
