package io.weft.engine;

import io.weft.model.SpiffeId;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The plainest evaluation of a match that can be written: the oracle for the compiled one. */
public final class NaiveMatcher {

    private NaiveMatcher() {}

    public static boolean holds(StringMatch match, String text) {
        return switch (match) {
            case StringMatch.Exact(var v, var i) -> fold(text, i).equals(fold(v, i));
            case StringMatch.Prefix(var v, var i) -> fold(text, i).startsWith(fold(v, i));
            case StringMatch.Suffix(var v, var i) -> fold(text, i).endsWith(fold(v, i));
            case StringMatch.Contains(var v, var i) -> fold(text, i).contains(fold(v, i));
            case StringMatch.Regex(var p) -> Pattern.matches(p, text);
            case StringMatch.Present() -> !text.isEmpty();
            case StringMatch.PathPrefix(var v, var i) -> {
                String prefix = fold(v.replaceAll("/$", ""), i);
                yield fold(text, i).equals(prefix) || fold(text, i).startsWith(prefix + "/");
            }
            case StringMatch.PathTemplate(var t) ->
                    Pattern.compile(
                                    Pattern.quote(t)
                                            .replace("{**}", "\\E.*\\Q")
                                            .replace("{*}", "\\E[^/]+\\Q"),
                                    Pattern.DOTALL)
                            .matcher(text)
                            .matches();
            case StringMatch.OneOf(var all) -> all.stream().anyMatch(m -> holds(m, text));
        };
    }

    private static String fold(String text, boolean ignoreCase) {
        return ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
    }

    public static boolean holds(Match match, SampleRequest r) {
        VerifiedToken token = r.token();
        SpiffeId peer = r.peer();
        return switch (match) {
            case Match.Always() -> true;
            case Match.AllOf(var all) -> all.stream().allMatch(m -> holds(m, r));
            case Match.AnyOf(var any) -> any.stream().anyMatch(m -> holds(m, r));
            case Match.Not(var m) -> !holds(m, r);
            case Match.Path(var v) -> r.isHttp() && holds(v, r.path());
            case Match.Method(var v) -> r.isHttp() && holds(v, r.method());
            case Match.Scheme(var v) -> r.isHttp() && holds(v, r.scheme());
            case Match.Authority(var v) -> r.isHttp() && holdsFolded(v, r.authority());
            case Match.Host(var v) -> throw new UnsupportedOperationException("tested by example");
            case Match.Header(var n, var v, var missing) -> {
                String value = r.headers().get(n);
                yield r.isHttp()
                        && (value != null || missing)
                        && holds(v, value == null ? "" : value);
            }
            case Match.QueryParam(var n, var v, var anyValue) ->
                    r.isHttp()
                            && r.query() != null
                            && params(r.query(), n)
                                    .limit(anyValue ? Long.MAX_VALUE : 1)
                                    .anyMatch(value -> holds(v, value));
            case Match.DestinationPort(var p) -> r.destinationPort() == p;
            case Match.Sni(var v) -> r.sni() != null && holdsFolded(v, r.sni());
            case Match.PeerPrincipal(var v) -> peer != null && holds(v, peer.principal());
            case Match.PeerNamespace(var v) -> peer != null && holds(v, peer.namespace());
            case Match.PeerServiceAccount(var v) ->
                    peer != null && holds(v, peer.namespace() + "/" + peer.serviceAccount());
            case Match.SourceIp(var c) -> c.contains(r.sourceIp());
            case Match.RemoteIp(var c) -> c.contains(r.remoteIp());
            case Match.DestinationIp(var c) ->
                    r.destinationIp() != null && c.contains(r.destinationIp());
            case Match.RequestPrincipal(var v) ->
                    token != null && token.principal() != null && holds(v, token.principal());
            case Match.Audience(var v) ->
                    token != null && token.audiences().stream().anyMatch(a -> holds(v, a));
            case Match.Presenter(var v) ->
                    token != null && token.presenter() != null && holds(v, token.presenter());
            case Match.Claim(var path, var v, var issuer) ->
                    token != null
                            && (issuer.isEmpty() || issuer.equals(token.issuer()))
                            && holdsClaim(v, token.claims(), path);
        };
    }

    private static boolean holdsFolded(StringMatch match, String text) {
        return switch (match) {
            case StringMatch.Exact(var v, var i) -> text.equalsIgnoreCase(v);
            case StringMatch.Prefix(var v, var i) -> holds(new StringMatch.Prefix(v, true), text);
            case StringMatch.Suffix(var v, var i) -> holds(new StringMatch.Suffix(v, true), text);
            case StringMatch.Contains(var v, var i) ->
                    holds(new StringMatch.Contains(v, true), text);
            case StringMatch.Regex(var p) ->
                    Pattern.compile(p, Pattern.CASE_INSENSITIVE).matcher(text).matches();
            case StringMatch.Present p -> holds(p, text);
            case StringMatch.PathPrefix(var v, var i) ->
                    holds(new StringMatch.PathPrefix(v, true), text);
            case StringMatch.PathTemplate(var t) ->
                    holds(
                            new StringMatch.PathTemplate(t.toLowerCase(Locale.ROOT)),
                            text.toLowerCase(Locale.ROOT));
            case StringMatch.OneOf(var all) -> all.stream().anyMatch(m -> holdsFolded(m, text));
        };
    }

    private static Stream<String> params(String query, String name) {
        return Stream.of(query.split("&"))
                .map(part -> part.split("=", 2))
                .filter(pair -> pair[0].equals(name))
                .map(pair -> pair.length == 1 ? "" : pair[1]);
    }

    private static boolean holdsClaim(
            StringMatch v, Map<String, Object> claims, List<String> path) {
        Object value = claims;
        for (String name : path) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return switch (value) {
            case String text -> holds(v, text);
            case List<?> list -> list.stream().anyMatch(e -> holds(v, (String) e));
            case null, default -> false;
        };
    }
}
