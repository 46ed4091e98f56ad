package io.weft.dataplane.workloadapi;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;

/**
 * Where the Workload API is, and for whom.
 *
 * @param socket path of the Unix domain socket; made anew at each start
 * @param users numeric ids of the users whose processes are the workload; empty: the proxy's own
 *     user alone
 */
public record WorkloadApiSettings(Path socket, Set<Integer> users) {

    /** Of {@code sun_path}, with its terminating zero. */
    private static final int MAX_PATH = 107;

    public WorkloadApiSettings {
        users = Set.copyOf(users);
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAX_PATH) {
            throw new IllegalArgumentException(
                    "workload API socket: a path of "
                            + length
                            + " bytes (expected: 1 to "
                            + MAX_PATH
                            + ")");
        }
    }
}
