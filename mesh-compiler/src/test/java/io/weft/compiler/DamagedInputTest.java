package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is missing or wrong in a file: it compiles to diagnostics, never to an exception. */
class DamagedInputTest {

    private static final List<String> OTHERS =
            List.of("''", "[]", "{a: b}", "-1", "99999999999999999999");
    private static final Pattern SCALAR =
            Pattern.compile("(?<=: )([^\\s{}\\[\\],\"']+)(?=[,}\\]\\n])");

    @ParameterizedTest
    @ValueSource(strings = {"gateway-api", "gateway-api-mesh", "linkerd-profile", "linkerd-policy"})
    void neverThrowsForWhatIsLeftOutOrReplaced(String name) {
        String text = Scenario.read(Path.of("src/test/resources/golden", name, "in.yaml"));
        for (String damaged : damages(text)) {
            assertThatCode(() -> useAll(damaged)).as(damaged).doesNotThrowAnyException();
        }
    }

    private static List<String> damages(String text) {
        List<String> all = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            List<String> fewer = new ArrayList<>(lines);
            fewer.remove(i);
            all.add(String.join("\n", fewer) + "\n");
        }
        Matcher scalar = SCALAR.matcher(text);
        while (scalar.find()) {
            String other = OTHERS.get(all.size() % OTHERS.size());
            all.add(text.substring(0, scalar.start()) + other + text.substring(scalar.end()));
        }
        return all;
    }

    private static void useAll(String text) {
        Scenario scenario =
                new Scenario()
                        .yaml(text)
                        .workload("shop/reviews services=reviews")
                        .workload("shop/api ports=8080:HTTP,5432:TCP services=api")
                        .workload("infra/edge gateway")
                        .workload("client/app services=app");
        scenario.statuses();
        scenario.config("infra/edge");
        scenario.config("shop/api");
        scenario.config("client/app", "reviews.shop:8080", "ratings.shop:8080", "cart.shop:8080");
    }
}
