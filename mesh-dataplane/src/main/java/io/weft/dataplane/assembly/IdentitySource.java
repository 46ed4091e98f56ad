package io.weft.dataplane.assembly;

import io.weft.dataplane.identity.JoinSettings;
import io.weft.dataplane.identity.MeshTls;
import java.nio.file.Path;
import java.time.Duration;

/** Where a proxy's SVID comes from. */
public sealed interface IdentitySource {

    /**
     * From the control plane, kept and renewed on disk.
     *
     * @param patience how long to go on trying to join at the start
     */
    record Joined(JoinSettings settings, Path stateDir, Duration patience)
            implements IdentitySource {}

    /** Given by the caller, who renews it. */
    record Given(MeshTls tls) implements IdentitySource {}
}
