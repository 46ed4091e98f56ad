package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What docs/security.md says is tested, is: every item of the list, by a test that is there. */
class SecurityDocTest {

    private static final Path ROOT = Path.of("..");
    private static final Path LIST =
            Path.of(System.getProperty("weft.shared", "../../shared")).resolve("security.md");
    private static final Pattern SECTION =
            Pattern.compile("(?ms)^##+ ([^\\n]*)\\n(.*?)(?=^##|\\z)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.*?) \\| (.*?) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    /** Words of the list that introduce items and are none themselves. */
    private static final Pattern NO_ITEM =
            Pattern.compile(
                    "X\\.509-SVID rules|Replay the published cases|Istio|Envoy|[\\s,;:.()]");

    private static String text(Path file) throws IOException {
        return Files.readString(file);
    }

    /** Title of a section → its text. */
    private static Map<String, String> sections(Path file) throws IOException {
        Map<String, String> sections = new LinkedHashMap<>();
        Matcher each = SECTION.matcher(text(file));
        while (each.find()) {
            sections.put(each.group(1).strip(), each.group(2));
        }
        return sections;
    }

    /** The rows of a section that name tests: item → tests. */
    private static Map<String, String> rows(String section) {
        Map<String, String> rows = new LinkedHashMap<>();
        Matcher each = ROW.matcher(section);
        while (each.find()) {
            if (TEST.matcher(each.group(2)).find()) {
                rows.put(each.group(1), each.group(2));
            }
        }
        return rows;
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Map<String, List<Path>> sources = new LinkedHashMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path tests = module.resolve("src/test/java");
                if (Files.isDirectory(tests)) {
                    try (Stream<Path> files = Files.walk(tests)) {
                        files.filter(file -> file.toString().endsWith("Test.java"))
                                .forEach(file ->
                                        sources.computeIfAbsent(
                                                        file.getFileName()
                                                                .toString()
                                                                .replace(".java", ""),
                                                        name -> new ArrayList<>())
                                                .add(file));
                    }
                }
            }
        }
        Matcher each = TEST.matcher(text(ROOT.resolve("docs/security.md")));
        List<String> missing = new ArrayList<>();
        int found = 0;
        while (each.find()) {
            found++;
            boolean there = false;
            for (Path file : sources.getOrDefault(each.group(1), List.of())) {
                there = there || text(file).contains("void " + each.group(2) + "(");
            }
            if (!there) {
                missing.add(each.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(100);
    }

    /** Item by item in the list's own words, so that none can be left out. */
    @Test
    void everyItemOfTheListHasATest() throws IOException {
        Assumptions.assumeTrue(
                Files.exists(LIST), "skipped: no list at " + LIST.toAbsolutePath().normalize());
        Map<String, String> documented = sections(ROOT.resolve("docs/security.md"));
        sections(LIST)
                .forEach((title, text) -> {
                    assertThat(documented).containsKey(title);
                    String left = text.replaceAll("\\s+", " ");
                    for (String item : rows(documented.get(title)).keySet()) {
                        assertThat(left).as(title).contains(item);
                        left = left.replaceFirst(Pattern.quote(item), "");
                    }
                    assertThat(NO_ITEM.matcher(left).replaceAll("")).as(title).isEmpty();
                });
    }
}
