package io.weft.engine.explain;

import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.List;
import java.util.stream.Collectors;

/** Conditions in words, for people. Equal conditions give equal texts. */
public final class MatchText {

    private MatchText() {}

    /** For example {@code path begins with /api/ and method is GET}. */
    public static String of(Match match) {
        return text(match, false);
    }

    private static String text(Match match, boolean inner) {
        return switch (match) {
            case Match.Always() -> "always";
            case Match.AllOf(var operands) ->
                    operands.isEmpty() ? "always" : joined(operands, " and ", inner);
            case Match.AnyOf(var operands) ->
                    operands.isEmpty() ? "never" : joined(operands, " or ", inner);
            case Match.Not(var operand) -> "not (" + text(operand, false) + ")";
            case Match.Path(var value) -> "path " + of(value);
            case Match.Method(var value) -> "method " + of(value);
            case Match.Scheme(var value) -> "scheme " + of(value);
            case Match.Authority(var value) -> "authority " + of(value);
            case Match.Host(var value) -> "host " + of(value);
            case Match.Header(var name, var value, var missing) ->
                    "header " + name + " " + of(value);
            case Match.QueryParam(var name, var value, var anyValue) ->
                    (anyValue ? "any parameter " : "parameter ") + name + " " + of(value);
            case Match.DestinationPort(var port) -> "port is " + port;
            case Match.Sni(var value) -> "server name " + of(value);
            case Match.PeerPrincipal(var value) -> "caller " + of(value);
            case Match.PeerNamespace(var value) -> "caller's namespace " + of(value);
            case Match.PeerServiceAccount(var value) -> "caller's account " + of(value);
            case Match.SourceIp(var range) -> "source address in " + range;
            case Match.RemoteIp(var range) -> "client address in " + range;
            case Match.DestinationIp(var range) -> "own address in " + range;
            case Match.RequestPrincipal(var value) -> "token's principal " + of(value);
            case Match.Audience(var value) -> "token's audience " + of(value);
            case Match.Presenter(var value) -> "token's presenter " + of(value);
            case Match.Claim(var path, var value, var issuer) ->
                    "claim " + String.join(".", path) + " " + of(value);
        };
    }

    private static String joined(List<Match> operands, String word, boolean inner) {
        if (operands.size() == 1) {
            return text(operands.getFirst(), inner);
        }
        String all =
                operands.stream().map(each -> text(each, true)).collect(Collectors.joining(word));
        return inner ? "(" + all + ")" : all;
    }

    /** For example {@code begins with /api/}. */
    public static String of(StringMatch match) {
        return switch (match) {
            case StringMatch.Exact(var value, var any) -> "is " + value + cased(any);
            case StringMatch.Prefix(var value, var any) ->
                    value.isEmpty() ? "is anything" : "begins with " + value + cased(any);
            case StringMatch.Suffix(var value, var any) -> "ends with " + value + cased(any);
            case StringMatch.Contains(var value, var any) -> "contains " + value + cased(any);
            case StringMatch.Regex(var pattern) -> "matches " + pattern;
            case StringMatch.Present() -> "is there";
            case StringMatch.PathPrefix(var value, var any) -> "is below " + value + cased(any);
            case StringMatch.PathTemplate(var template) -> "is like " + template;
            case StringMatch.OneOf(var alternatives) ->
                    alternatives.stream().map(MatchText::of).collect(Collectors.joining(" or "));
        };
    }

    private static String cased(boolean ignoreCase) {
        return ignoreCase ? " (in any case)" : "";
    }
}
