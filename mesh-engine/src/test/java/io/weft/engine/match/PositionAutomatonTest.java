package io.weft.engine.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.weft.model.match.StringMatch;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionAutomatonTest {

    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void readsExpressionsAtRandomAsRe2Does() {
        int taken = 0;
        int matched = 0;
        for (int i = 0; i < 30_000; i++) {
            String pattern = expression(3);
            Pattern oracle;
            try {
                oracle = Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                continue;
            }
            PositionAutomaton automaton = PositionAutomaton.of(pattern);
            for (int j = 0; j < 8 && automaton != null; j++) {
                String text = text();
                boolean expected = oracle.matches(text);
                if (automaton.accepts(text) != expected) {
                    assertThat(!expected).as("/%s/ on '%s'", pattern, text).isEqualTo(expected);
                }
                matched += expected ? 1 : 0;
            }
            taken += automaton == null ? 0 : 1;
        }
        assertThat(taken).as("expressions of its own").isGreaterThan(20_000);
        assertThat(matched).as("both outcomes occur").isGreaterThan(10_000);
    }

    private String expression(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 9)) {
            case 0, 1 -> any("a", "b", "/", "\\.", "-", "é");
            case 2 -> any(".", "[ab]", "[^/]", "[a-c/]", "[^a-b]", "\\d", "\\w", "[\\d.-]", "\\S");
            case 3 -> any("ab", "/a", "a.b", "");
            case 4, 5 -> expression(depth - 1) + expression(depth - 1);
            case 6 -> "(" + expression(depth - 1) + "|" + expression(depth - 1) + ")";
            case 7 ->
                    any("(", "(?:", "(?s:")
                            + expression(depth - 1)
                            + ")"
                            + any("*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "{0,}", "*?");
            default -> any("^", "") + expression(depth - 1) + any("$", "");
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(any("a", "b", "c", "/", ".", "1", "-", "é", "\n", "_"));
        }
        return text.toString();
    }

    private String any(String... of) {
        return of[random.nextInt(of.length)];
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?i)a",
                "a\\b",
                "[[:alpha:]]",
                "\\pL",
                "a^b",
                "(?P<n>a)",
                "a{40}",
                "[a-z]{9}[0-9]{9}[a-z]{9}[0-9]{9}[a-z]{9}[0-9]{9}[a-z]{9}[0-9]{9}",
                "\\x41"
            })
    void leavesTheRestToRe2(String pattern) {
        assertThat(PositionAutomaton.of(pattern)).isNull();
    }

    @Test
    void charactersBeyondTheBasicPlaneAreReadByRe2() {
        StringPredicate oneCharacter = StringMatchers.compile(new StringMatch.Regex("a.b?"));
        assertThat(oneCharacter.test("a\uD83D\uDE00")).isTrue();
        assertThat(oneCharacter.test("axx")).isFalse();
    }
}
