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
    private final String file;

    DirectoryVault(StateDirectory directory) {
        this(directory, FILE);
    }

    DirectoryVault(StateDirectory directory, String file) {
        this.directory = directory;
        this.file = file;
    }

    @Override
    public Optional<String> read() throws IOException {
        return directory.read(file);
    }

    @Override
    public boolean replace(Optional<String> expected, String next) throws IOException {
        return directory.locked(() -> {
            if (!directory.read(file).equals(expected)) {
                return false;
            }
            directory.write(file, next);
            return true;
        });
    }

    @Override
    public AuthorityVault beside(String name) {
        return new DirectoryVault(directory, name + ".json");
    }

    @Override
    public String where() {
        return directory.path(file).toString();
    }
}
