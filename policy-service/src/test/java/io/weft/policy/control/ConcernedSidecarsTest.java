package io.weft.policy.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fifty services, each of which calls the next one: who hears of a commit. */
@Timeout(60)
class ConcernedSidecarsTest {

    private static final int SERVICES = 50;

    @TempDir Path directory;
    private ServiceChain chain;

    @BeforeEach
    void start() throws Exception {
        chain = new ServiceChain(SERVICES, directory, Duration.ofMillis(1));
    }

    @AfterEach
    void stop() {
        chain.close();
    }

    @Test
    void aPolicyOfOneWorkloadIsToldToThatOneOnly() throws Exception {
        chain.repository().put("mesh/guard.yaml", ServiceChain.guard(7, "/a"));
        assertThat(chain.whoHears("guarded")).containsExactly(7);
        chain.repository().put("mesh/guard.yaml", ServiceChain.guard(7, "/b"));
        assertThat(chain.whoHears("guarded otherwise")).containsExactly(7);
    }

    @Test
    void aRouteIsToldToThoseWhoCallIt() throws Exception {
        chain.repository().put("mesh/route.yaml", ServiceChain.route(8));
        assertThat(chain.whoHears("routed")).containsExactly(7);
    }

    @Test
    void anotherPortIsToldToTheServiceAndThoseWhoCallIt() throws Exception {
        chain.repository()
                .computeIfPresent(
                        "mesh/s9.yaml", (path, text) -> text.replace("port: 80,", "port: 81,"));
        assertThat(chain.whoHears("moved")).containsExactly(8);
    }

    @Test
    void aRemarkIsToldToNobodyAndAllAreInStepNevertheless() throws Exception {
        chain.repository().put("mesh/remark.yaml", "# nothing\n");
        assertThat(chain.whoHears("remark")).isEmpty();
        assertThat(chain.rollout().instances())
                .hasSize(SERVICES)
                .allSatisfy(status -> assertThat(status.acknowledgedCommit()).isEqualTo("remark"))
                .allSatisfy(status -> assertThat(status.inSync()).isTrue());
    }

    @Test
    void aPolicyOfTheWholeMeshIsToldToEverybody() throws Exception {
        chain.repository().put("mesh/mesh.yaml", ServiceChain.STRICT);
        assertThat(chain.whoHears("strict")).hasSize(SERVICES);
    }
}
