package io.weft.engine;

import io.weft.model.SpiffeId;
import io.weft.model.match.Cidr;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Random matches and requests over a small alphabet, so that they meet often. */
public final class RandomMatches {

    private static final String[] PIECES = {"a", "b", "A", "/", "/a", "/b", "/ab", "", "x.y", "B/"};

    private final Random random;

    public RandomMatches(long seed) {
        random = new Random(seed);
    }

    public Random random() {
        return random;
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    public StringMatch string() {
        boolean fold = random.nextInt(4) == 0;
        return switch (random.nextInt(9)) {
            case 0 -> new StringMatch.Exact(text(), fold);
            case 1 -> new StringMatch.Prefix(text(), fold);
            case 2 -> new StringMatch.Suffix(text(), fold);
            case 3 -> new StringMatch.Contains(text(), fold);
            case 4 -> new StringMatch.Regex(regex());
            case 5 -> new StringMatch.Present();
            case 6 -> new StringMatch.PathPrefix("/" + text(), fold);
            case 7 -> new StringMatch.PathTemplate(template());
            default -> new StringMatch.OneOf(list(this::string, 3));
        };
    }

    private String regex() {
        String[] forms = {
            "a.*", "/a/.*", "[ab]+", "/(a|b).*", "/a", ".*b", "/ab?.*", "x\\.y.*", ".*"
        };
        return forms[random.nextInt(forms.length)];
    }

    private String template() {
        String[] forms = {"/{*}", "/a/{**}", "/{*}/b", "/{**}", "/a/{*}/{**}", "/ab"};
        return forms[random.nextInt(forms.length)];
    }

    public Match match(int depth) {
        if (depth > 0 && random.nextInt(2) == 0) {
            return switch (random.nextInt(3)) {
                case 0 -> new Match.AllOf(list(() -> match(depth - 1), 3));
                case 1 -> new Match.AnyOf(list(() -> match(depth - 1), 3));
                default -> new Match.Not(match(depth - 1));
            };
        }
        return leaf();
    }

    private Match leaf() {
        return switch (random.nextInt(19)) {
            case 0, 1, 2 -> new Match.Path(string());
            case 3 ->
                    new Match.Method(new StringMatch.Exact(random.nextBoolean() ? "GET" : "POST"));
            case 4 -> new Match.Header("h" + random.nextInt(2), string(), random.nextBoolean());
            case 5 -> new Match.QueryParam("q" + random.nextInt(2), string(), random.nextBoolean());
            case 6 -> new Match.DestinationPort(80 + random.nextInt(2));
            case 7 -> new Match.PeerNamespace(string());
            case 8 -> new Match.PeerPrincipal(new StringMatch.Exact("t/ns/a/sa/b"));
            case 9 -> new Match.PeerServiceAccount(new StringMatch.Exact("a/b"));
            case 10 -> new Match.SourceIp(Cidr.parse("10.0.0." + random.nextInt(4) + "/31"));
            case 11 -> new Match.RemoteIp(Cidr.parse("10.0.0.0/" + (28 + random.nextInt(5))));
            case 12 -> new Match.RequestPrincipal(string());
            case 13 -> new Match.Audience(string());
            case 14 -> new Match.Claim(List.of("c"), string());
            case 15 ->
                    new Match.Claim(List.of("o", "i"), string(), random.nextBoolean() ? "a" : "");
            case 16 -> new Match.Authority(string());
            case 17 -> new Match.Presenter(string());
            default -> Match.ALWAYS;
        };
    }

    private <T> List<T> list(Supplier<T> element, int most) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    public SampleRequest request() {
        SampleRequest.Builder builder =
                (random.nextInt(8) == 0 ? SampleRequest.tcp(80) : SampleRequest.http("GET", "/"))
                        .method(random.nextBoolean() ? "GET" : "POST")
                        .path("/" + text())
                        .authority(text())
                        .destinationPort(80 + random.nextInt(2))
                        .sourceIp("10.0.0." + random.nextInt(6))
                        .remoteIp("10.0.0." + random.nextInt(6));
        if (random.nextBoolean()) {
            builder.query("q0=" + text() + "&q1&q0=z");
        }
        if (random.nextBoolean()) {
            builder.header("h0", text());
        }
        if (random.nextBoolean()) {
            builder.peer(new SpiffeId("t", random.nextBoolean() ? "a" : "ab", "b"));
        }
        if (random.nextBoolean()) {
            builder.token(
                    VerifiedToken.of(
                            "a",
                            random.nextBoolean() ? text() : null,
                            List.of(text(), text()),
                            random.nextBoolean() ? text() : null,
                            Map.of("c", List.of(text(), text()), "o", Map.of("i", text()))));
        }
        return builder.build();
    }
}
