package io.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.running.RunningMesh;
import io.weft.cli.running.RunningMesh.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What {@code weft analyze} finds in the YAML that people have: level, code, resource and line of
 * each finding; rewritten with {@code -Dgolden.update=true}. Texts have tests of their own.
 */
class SeedAnalysisTest {

    private static final Path SEED = Path.of("../mesh-compiler/src/test/resources/seed");
    private static final Path GOLDEN = Path.of("src/test/resources/golden/analyze-seed.txt");
    private static final Pattern HEAD =
            Pattern.compile("^([A-Z][a-z]+ \\[[A-Z0-9]+] \\([^)]*\\)) .+");

    @Test
    void everyFindingOfTheSeedIsWhereItWas() throws Exception {
        Ran ran = RunningMesh.run(List.of("analyze", "--color=false", SEED.toString()));
        assertThat(ran.code()).isEqualTo(79);
        List<String> found =
                ran.out()
                        .lines()
                        .map(line -> {
                            Matcher head = HEAD.matcher(line);
                            assertThat(head.matches()).as(line).isTrue();
                            return head.group(1).replace(SEED + "/", "seed/");
                        })
                        .toList();
        if (Boolean.getBoolean("golden.update")) {
            Files.write(GOLDEN, found);
        }
        assertThat(found).isEqualTo(Files.readAllLines(GOLDEN));
    }

    @Test
    void nothingOfTheSeedIsToldTwice() {
        Ran ran = RunningMesh.run(List.of("analyze", "--color=false", SEED.toString()));
        assertThat(ran.out().lines()).doesNotHaveDuplicates();
    }
}
