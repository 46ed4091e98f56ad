package io.weft.policy.ca;

import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.util.Optional;

/**
 * The document as a file. Replicas share it through a directory that all of them mount; a file lock
 * keeps them from overwriting each other.
 */
final class DirectoryVault implements AuthorityVault {

    static final String FILE = "authority.json";

    private final StateDirectory directory;

    DirectoryVault(StateDirectory directory) {
        this.directory = directory;
    }

    @Override
    public Optional<String> read() throws IOException {
        return directory.read(FILE);
    }

    @Override
    public boolean replace(Optional<String> expected, String next) throws IOException {
        return directory.locked(() -> {
            if (!directory.read(FILE).equals(expected)) {
                return false;
            }
            directory.write(FILE, next);
            return true;
        });
    }

    @Override
    public String where() {
        return directory.path(FILE).toString();
    }
}
