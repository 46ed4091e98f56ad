package io.weft.policy.ca;

import io.weft.policy.state.StateDirectory;
import java.nio.file.Path;

/**
 * A directory that several replicas of the control plane mount, as a vault. Its file system must
 * keep POSIX file locks between the replicas' machines (NFS 4 does).
 */
public final class SharedDirectory {

    private SharedDirectory() {}

    /**
     * Opens or makes it, readable by its owner alone.
     *
     * @throws io.weft.policy.state.StartFailure when it cannot be used
     */
    public static AuthorityVault at(Path directory) {
        return new DirectoryVault(StateDirectory.open(directory));
    }

    /** The state directory of a replica that shares nothing, as a vault. */
    public static AuthorityVault unshared(StateDirectory directory) {
        return new DirectoryVault(directory);
    }
}
