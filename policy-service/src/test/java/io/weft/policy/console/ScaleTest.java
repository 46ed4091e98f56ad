package io.weft.policy.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred services and a thousand edges, in Chromium. */
@Timeout(240)
class ScaleTest {

    private static final int SERVICES = 200;
    private static final int EDGES = 1000;

    @TempDir Path directory;

    @Test
    void twoHundredServicesAndAThousandEdgesAreDrawnWithinASecondAndMoveEverySecond()
            throws Exception {
        Browser.assumeInstalled();
        try (GeneratedMesh mesh = new GeneratedMesh(directory, SERVICES, EDGES)) {
            mesh.reportOnce();
            assertThat(mesh.edgesKnown()).isEqualTo(EDGES);
            mesh.report();
            Browser.Outcome outcome =
                    Browser.run(
                            "scale.mjs",
                            mesh.url(),
                            String.valueOf(SERVICES),
                            String.valueOf(EDGES),
                            Path.of("target/console").toAbsolutePath().toString());
            System.out.println(outcome.output());
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        }
    }
}
