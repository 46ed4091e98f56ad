package io.weft.engine.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.NaiveMatcher;
import io.weft.engine.RandomMatches;
import io.weft.engine.SampleRequest;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** The index says what a scan would, and looks at few. */
class MatchIndexTest {

    private static final int MANY = 10_000;

    private final AtomicInteger tested = new AtomicInteger();

    private MatchIndex counting(List<Match> matches) {
        List<RequestPredicate> predicates = new ArrayList<>();
        for (Match match : matches) {
            RequestPredicate compiled = Matchers.compile(match);
            predicates.add(facts -> {
                tested.incrementAndGet();
                return compiled.test(facts);
            });
        }
        return MatchIndex.of(matches, predicates);
    }

    private static List<Match> many(IntFunction<Match> match) {
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            matches.add(match.apply(i));
        }
        return matches;
    }

    private static Match principal(int i) {
        return new Match.PeerPrincipal(new StringMatch.Exact("cluster.local/ns/a/sa/s" + i));
    }

    private static final Match SAME_PATH = new Match.Path(new StringMatch.Prefix("/api/"));

    @Test
    void agreesWithAScanFromAnyPlaceOn() {
        RandomMatches random = new RandomMatches(11);
        Random chance = random.random();
        int found = 0;
        for (int table = 0; table < 300; table++) {
            List<Match> matches = new ArrayList<>();
            for (int i = 0; i < 8 + chance.nextInt(30); i++) {
                matches.add(random.match(3));
            }
            MatchIndex index =
                    MatchIndex.of(matches, matches.stream().map(Matchers::compile).toList());
            for (int i = 0; i < 50; i++) {
                SampleRequest request = random.request();
                int from = chance.nextInt(matches.size() + 1);
                int expected = MatchIndex.NONE;
                for (int at = from; at < matches.size() && expected == MatchIndex.NONE; at++) {
                    expected = NaiveMatcher.holds(matches.get(at), request) ? at : expected;
                }
                assertThat(index.first(request, from))
                        .as("%s from %s of %s", request, from, matches)
                        .isEqualTo(expected);
                found += expected == MatchIndex.NONE ? 0 : 1;
            }
        }
        assertThat(found).isGreaterThan(5_000);
    }

    @Test
    void amongManyCallersOfOnePathOnlyTheCallersOwnRulesAreTested() {
        MatchIndex index = counting(many(i -> new Match.AllOf(List.of(SAME_PATH, principal(i)))));
        SampleRequest request =
                SampleRequest.http("GET", "/api/x")
                        .peer("spiffe://cluster.local/ns/a/sa/s9999")
                        .build();
        assertThat(index.first(request, 0)).isEqualTo(9999);
        assertThat(tested).hasValueLessThan(3);
    }

    @Test
    void amongManyValuesOfAHeaderOnlyTheMatchingOneIsTested() {
        MatchIndex index =
                counting(
                        many(i ->
                                new Match.AllOf(
                                        List.of(
                                                SAME_PATH,
                                                new Match.Header(
                                                        "x-tenant",
                                                        new StringMatch.Exact("t" + i))))));
        SampleRequest request =
                SampleRequest.http("GET", "/api/x").header("x-tenant", "t9999").build();
        assertThat(index.first(request, 0)).isEqualTo(9999);
        assertThat(tested).hasValueLessThan(3);
    }

    @Test
    void aHeaderThatMayBeMissingIsFoundWithoutIt() {
        List<Match> matches =
                new ArrayList<>(
                        many(i -> new Match.Header("x-a", new StringMatch.Exact("v" + i), true)));
        matches.add(new Match.Header("x-a", new StringMatch.Exact(""), true));
        assertThat(counting(matches).first(SampleRequest.http("GET", "/").build(), 0))
                .isEqualTo(MANY);
    }

    @Test
    void anOpaqueConnectionIsFoundByItsPeer() {
        MatchIndex index = counting(many(MatchIndexTest::principal));
        SampleRequest connection =
                SampleRequest.tcp(5432).peer("spiffe://cluster.local/ns/a/sa/s77").build();
        assertThat(index.first(connection, 0)).isEqualTo(77);
        assertThat(index.first(connection, 78)).isEqualTo(MatchIndex.NONE);
    }
}
