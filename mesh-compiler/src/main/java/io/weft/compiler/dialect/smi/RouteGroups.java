package io.weft.compiler.dialect.smi;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HTTPRouteGroups and TCPRoutes, to which splits and targets refer by name. */
final class RouteGroups {

    private final Map<String, Map<String, Match>> groups = new HashMap<>();

    static boolean isGroup(RawResource resource) {
        return resource.kind().equals("HTTPRouteGroup") || resource.kind().equals("TCPRoute");
    }

    /** One group's matches by name; depends on nothing but the resource. */
    static Map<String, Match> read(Field root) {
        // Top-level in v1alpha1 and v1alpha2, below spec later; people mix them, so both are read.
        Field matches =
                root.get("matches").isPresent()
                        ? root.get("matches")
                        : root.get("spec").get("matches");
        Map<String, Match> read = new LinkedHashMap<>();
        if (root.resource().kind().equals("TCPRoute")) {
            read.put("", ports(matches));
        } else {
            for (Field match : matches.items()) {
                String name = match.get("name").required();
                if (read.putIfAbsent(name, http(match)) != null) {
                    match.get("name")
                            .error(
                                    Code.CONTRADICTION,
                                    "match '" + name + "' is there twice",
                                    "give each match a name of its own");
                }
            }
            if (read.isEmpty()) {
                matches.reportMissing();
            }
        }
        return read;
    }

    /** Takes one as it was read; only while the dialect compiles. */
    void add(RawResource resource, Map<String, Match> matches) {
        groups.put(key(resource.kind(), resource.namespace(), resource.name()), matches);
    }

    private static String key(String kind, String namespace, String name) {
        return kind + " " + namespace + "/" + name;
    }

    private static Match ports(Field matches) {
        if (!matches.isPresent()) {
            return Match.ALWAYS;
        }
        List<Field> holders = matches.isList() ? matches.items() : List.of(matches);
        List<Match> any = new ArrayList<>();
        for (Field holder : holders) {
            holder.get("name").text();
            for (Field port : holder.get("ports").items()) {
                port.integer(1, 65535).ifPresent(p -> any.add(new Match.DestinationPort(p)));
            }
        }
        return any.isEmpty() ? Match.ALWAYS : Match.anyOf(any);
    }

    private static Match http(Field match) {
        List<Match> all = new ArrayList<>();
        Field path = match.get("pathRegex");
        path.regex().ifPresent(regex -> all.add(new Match.Path(anchoredAtStart(regex))));
        List<Match> methods = new ArrayList<>();
        for (String method : match.get("methods").textItems()) {
            if (method.equals("*")) {
                methods.clear();
                break;
            }
            methods.add(new Match.Method(new StringMatch.Exact(method.toUpperCase(Locale.ROOT))));
        }
        if (!methods.isEmpty()) {
            all.add(Match.anyOf(methods));
        }
        Field headers = match.get("headers");
        List<Field> maps = headers.isList() ? headers.items() : List.of(headers);
        for (Field map : maps) {
            map.entries()
                    .forEach((name, value) ->
                            value.regex()
                                    .ifPresent(regex ->
                                            all.add(
                                                    new Match.Header(
                                                            name.toLowerCase(Locale.ROOT),
                                                            new StringMatch.Regex(regex)))));
        }
        if (all.isEmpty()) {
            // Everything, but of HTTP only.
            return new Match.Method(new StringMatch.Prefix(""));
        }
        return Match.allOf(all);
    }

    /** SMI's expressions are anchored at the start only; the model's must match the whole. */
    private static StringMatch anchoredAtStart(String regex) {
        return new StringMatch.Regex("(?:" + regex + ")(?s:.*)");
    }

    /**
     * The matches that a rule refers to; null (and reported) when they do not exist.
     *
     * @param names none refers to all of the group
     */
    @Nullable Match find(Field reference, String kind, String namespace, List<String> names) {
        String name = reference.get("name").required();
        Map<String, Match> group = groups.get(key(kind, namespace, name));
        if (group == null) {
            reference
                    .get("name")
                    .error(
                            Code.DANGLING_REFERENCE,
                            kind + " " + namespace + "/" + name + " does not exist",
                            "create it, or correct the name");
            return null;
        }
        if (names.isEmpty()) {
            return Match.anyOf(List.copyOf(group.values()));
        }
        List<Match> chosen = new ArrayList<>();
        for (String wanted : names) {
            Match match = group.get(wanted);
            if (match == null) {
                reference
                        .get("matches")
                        .error(
                                Code.DANGLING_REFERENCE,
                                kind
                                        + " "
                                        + namespace
                                        + "/"
                                        + name
                                        + " has no match '"
                                        + wanted
                                        + "' (expected: one of "
                                        + group.keySet()
                                        + ")",
                                "correct the name");
            } else {
                chosen.add(match);
            }
        }
        return Match.anyOf(chosen);
    }
}
