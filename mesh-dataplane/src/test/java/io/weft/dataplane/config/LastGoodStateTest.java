package io.weft.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

class LastGoodStateTest {

    @TempDir private Path folder;

    /** The writer may be in the midst of it; closing must neither cut it off nor forget it. */
    @RepeatedTest(100)
    void closingKeepsWhatWasSavedTheMomentBefore() {
        LastGoodState state = new LastGoodState(folder, Duration.ZERO);
        state.save(
                new LastGoodState.Saved(
                        new ResourceSet("7", "abc", Map.of()), Map.of(), List.of("users:80")));
        state.close();
        assertThat(new LastGoodState(folder).load())
                .hasValueSatisfying(
                        saved -> assertThat(saved.resources().revision()).isEqualTo("7"));
    }
}
