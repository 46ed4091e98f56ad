package io.weft.engine.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.engine.NaiveMatcher;
import io.weft.engine.RandomMatches;
import io.weft.engine.SampleRequest;
import io.weft.engine.VerifiedToken;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatchersTest {

    private static boolean test(Match match, SampleRequest.Builder request) {
        return Matchers.compile(match).test(request.build());
    }

    private static boolean test(StringMatch match, String text) {
        return StringMatchers.compile(match).test(text);
    }

    @Test
    void compiledMatchesAgreeWithTheNaiveEvaluator() {
        RandomMatches random = new RandomMatches(42);
        int hits = 0;
        for (int i = 0; i < 20_000; i++) {
            Match match = random.match(3);
            SampleRequest request = random.request();
            boolean expected = NaiveMatcher.holds(match, request);
            assertThat(Matchers.compile(match).test(request))
                    .as("%s on %s", match, request)
                    .isEqualTo(expected);
            hits += expected ? 1 : 0;
        }
        assertThat(hits).as("both answers occur often").isBetween(4_000, 16_000);
    }

    @Test
    void compiledStringTestsAgreeWithTheNaiveEvaluator() {
        RandomMatches random = new RandomMatches(7);
        for (int i = 0; i < 20_000; i++) {
            StringMatch match = random.string();
            String text = random.text();
            assertThat(test(match, text))
                    .as("%s on '%s'", match, text)
                    .isEqualTo(NaiveMatcher.holds(match, text));
        }
    }

    @Test
    void prefixesAreOfCharactersAndPathPrefixesOfSegments() {
        assertThat(test(new StringMatch.Prefix("/foo"), "/foobar")).isTrue();
        assertThat(test(new StringMatch.PathPrefix("/foo"), "/foobar")).isFalse();
        assertThat(test(new StringMatch.PathPrefix("/foo/"), "/foo")).isTrue();
        assertThat(test(new StringMatch.PathPrefix("/"), "/anything")).isTrue();
    }

    @Test
    void pathTemplatesFollowIstio() {
        assertThat(test(new StringMatch.PathTemplate("/a/{*}"), "/a/b")).isTrue();
        assertThat(test(new StringMatch.PathTemplate("/a/{*}"), "/a/")).isFalse();
        assertThat(test(new StringMatch.PathTemplate("/a/{*}"), "/a/b/c")).isFalse();
        assertThat(test(new StringMatch.PathTemplate("/a/{**}"), "/a/")).isTrue();
        assertThat(test(new StringMatch.PathTemplate("/a/{**}"), "/a")).isFalse();
        assertThat(test(new StringMatch.PathTemplate("/store/{**}/cart"), "/store//cart")).isTrue();
        assertThat(test(new StringMatch.PathTemplate("/x.y/{*}"), "/xzy/b")).isFalse();
    }

    @Test
    void regularExpressionsMatchTheWholeStringInLinearTime() {
        assertThat(test(new StringMatch.Regex("/foo/\\d+"), "/foo/4321")).isTrue();
        assertThat(test(new StringMatch.Regex("/foo/\\d+"), "/foo/4/bar")).isFalse();
        String evil = "a".repeat(5_000) + "!";
        assertThat(test(new StringMatch.Regex("(a+)+"), evil)).isFalse();
        assertThat(test(new StringMatch.Regex("prefix.*"), "prefix\nmore")).isFalse();
    }

    @Test
    void refusesWhatIsNotRe2WhenCompiling() {
        assertThatThrownBy(() -> StringMatchers.compile(new StringMatch.Regex("(?=a)b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(?=a)b")
                .hasMessageContaining("RE2");
    }

    @Test
    void onlyAsciiLettersFoldSoThatTheKelvinSignIsNoK() {
        assertThat(test(new StringMatch.Exact("k", true), "K")).isTrue();
        assertThat(test(new StringMatch.Exact("k", true), "\u212a")).isFalse();
    }

    @Test
    void hostsMatchWithAndWithoutPortAndInAnyCase() {
        Match host = new Match.Host(new StringMatch.Exact("blog.example.com"));
        assertThat(test(host, SampleRequest.http("GET", "/").authority("Blog.Example.com:8080")))
                .isTrue();
        assertThat(test(host, SampleRequest.http("GET", "/").authority("blog.example.com.")))
                .isTrue();
        assertThat(test(host, SampleRequest.http("GET", "/").authority("blog.example.com.evil")))
                .isFalse();
        Match withPort = new Match.Host(new StringMatch.Exact("blog:8080"));
        assertThat(test(withPort, SampleRequest.http("GET", "/").authority("blog:8080"))).isTrue();
        Match v6 = new Match.Host(new StringMatch.Exact("[::1]"));
        assertThat(test(v6, SampleRequest.http("GET", "/").authority("[::1]:80"))).isTrue();
    }

    @Test
    void absentSubjectsAreFalseAndNegationMakesThemTrue() {
        Match header = new Match.Header("x", new StringMatch.Prefix(""));
        assertThat(test(header, SampleRequest.http("GET", "/"))).isFalse();
        assertThat(test(new Match.Not(header), SampleRequest.http("GET", "/"))).isTrue();
        Match empty = new Match.Header("x", new StringMatch.Exact(""), true);
        assertThat(test(empty, SampleRequest.http("GET", "/"))).isTrue();
        assertThat(test(new Match.Path(new StringMatch.Prefix("/")), SampleRequest.tcp(80)))
                .isFalse();
    }

    @Test
    void pseudoHeadersAndHostCanBeNamedLikeHeaders() {
        SampleRequest.Builder request =
                SampleRequest.http("GET", "/a?b=c").authority("blog").scheme("https");
        assertThat(test(new Match.Header(":path", new StringMatch.Exact("/a?b=c")), request))
                .isTrue();
        assertThat(test(new Match.Header(":method", new StringMatch.Exact("GET")), request))
                .isTrue();
        assertThat(test(new Match.Header("host", new StringMatch.Exact("blog")), request)).isTrue();
        assertThat(
                        test(
                                new Match.Header("X-Up", new StringMatch.Exact("1")),
                                request.header("x-up", "1")))
                .isTrue();
    }

    @Test
    void queryParametersAreDecodedAndTheFirstCounts() {
        Match match = new Match.QueryParam("f o", new StringMatch.Exact("b/r"));
        assertThat(test(match, SampleRequest.http("GET", "/?x=1&f%20o=b%2Fr&f%20o=z"))).isTrue();
        Match empty = new Match.QueryParam("foo", new StringMatch.Exact(""));
        assertThat(test(empty, SampleRequest.http("GET", "/?foo"))).isTrue();
        assertThat(test(empty, SampleRequest.http("GET", "/?bar=foo"))).isFalse();
        assertThat(QueryStrings.first("a=%zz&b=%4", "a")).isEqualTo("%zz");
        assertThat(QueryStrings.first("a=%zz&b=%4", "b")).isEqualTo("%4");
        assertThat(QueryStrings.without("a=1&t=x&b=2&%74=y", "t")).isEqualTo("a=1&b=2");
    }

    @Test
    void numbersAndBooleansOfATokenMatchAsWritten() {
        VerifiedToken token =
                VerifiedToken.of(
                        "i",
                        "s",
                        List.of(),
                        null,
                        Map.of("n", 7, "b", true, "o", Map.of("x", "y")));
        SampleRequest.Builder request = SampleRequest.http("GET", "/").token(token);
        assertThat(test(new Match.Claim(List.of("n"), new StringMatch.Exact("7")), request))
                .isTrue();
        assertThat(test(new Match.Claim(List.of("b"), new StringMatch.Exact("true")), request))
                .isTrue();
        assertThat(test(new Match.Claim(List.of("o"), new StringMatch.Prefix("")), request))
                .isFalse();
        assertThat(
                        test(
                                new Match.Claim(List.of("o", "x", "z"), new StringMatch.Prefix("")),
                                request))
                .isFalse();
    }
}
