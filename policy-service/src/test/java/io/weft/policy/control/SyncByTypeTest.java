package io.weft.policy.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SyncByTypeTest {

    @Test
    void eachKindIsSyncedStaleOrNotSent() {
        Map<String, String> wanted =
                Map.of(
                        "workload", "1",
                        "routes/a:80", "2",
                        "cluster/a:80", "3",
                        "cluster/b:80", "4",
                        "trust/cluster.local", "5");
        Map<String, String> has =
                Map.of("workload", "1", "cluster/a:80", "3", "cluster/b:80", "old");
        assertThat(SyncByType.of(wanted, has))
                .containsExactly(
                        Map.entry("CDS", "STALE"),
                        Map.entry("LDS", "SYNCED"),
                        Map.entry("RDS", "NOT SENT"),
                        Map.entry("SDS", "NOT SENT"));
    }

    @Test
    void whatIsToBeTakenAwayIsStaleUntilItIsGone() {
        assertThat(SyncByType.of(Map.of(), Map.of("endpoints/a:80", "1")))
                .containsExactly(Map.entry("EDS", "STALE"));
    }
}
