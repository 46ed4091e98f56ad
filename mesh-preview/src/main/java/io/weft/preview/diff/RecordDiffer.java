package io.weft.preview.diff;

import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.route.Destination;
import io.weft.model.route.Fraction;
import io.weft.model.route.Timeouts;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares two trees of records. Elements of lists are paired by {@link Identity}, so that an
 * insertion is one difference and a move is told as a move; origins are passed over, so that lines
 * may shift. For one comparison.
 */
final class RecordDiffer {

    private final List<Difference> found = new ArrayList<>();

    private RecordDiffer() {}

    /** What differs, in the order of the fields. */
    static List<Difference> between(Object before, Object after) {
        RecordDiffer differ = new RecordDiffer();
        differ.walk("", null, before, after);
        return differ.found;
    }

    private void walk(
            String what, @Nullable Origin origin, @Nullable Object before, @Nullable Object after) {
        if (before == null ? after == null : before.equals(after)) {
            return;
        }
        if (before instanceof Record one
                && after instanceof Record other
                && one.getClass() == other.getClass()
                && !isWhole(one)) {
            records(what, origin, one, other);
        } else if (before instanceof List<?> one && after instanceof List<?> other) {
            lists(what, origin, one, other);
        } else if (before instanceof Map<?, ?> one && after instanceof Map<?, ?> other) {
            maps(what, origin, one, other);
        } else {
            String was = Words.of(before);
            String is = Words.of(after);
            if (!was.equals(is)) {
                found.add(new Difference(Change.Kind.CHANGED, what, was, is, origin));
            }
        }
    }

    /** What people read as one value. */
    private static boolean isWhole(Record value) {
        return value instanceof Match
                || value instanceof StringMatch
                || value instanceof Destination
                || value instanceof Fraction;
    }

    private void records(String what, @Nullable Origin origin, Record before, Record after) {
        Origin here = origin(after, "origin", origin);
        for (RecordComponent component : after.getClass().getRecordComponents()) {
            if (component.getType() != Origin.class && !isPlace(component, after)) {
                walk(
                        named(component, after, what),
                        origin(after, component.getName() + "Origin", here),
                        Words.component(before, component),
                        Words.component(after, component));
            }
        }
    }

    /** {@code http[1]} says where a route stands, not what it is. */
    private static boolean isPlace(RecordComponent component, Record record) {
        return component.getName().equals("name")
                && Words.component(record, component) instanceof String name
                && name.endsWith("]");
    }

    private static String named(RecordComponent component, Record owner, String what) {
        String name =
                switch (component.getName()) {
                    case "destinations",
                            "routes",
                            "hosts",
                            "steps",
                            "layers",
                            "action",
                            "authz",
                            "inbound",
                            "timeouts",
                            "filters",
                            "jwt",
                            "servers" ->
                            "";
                    case "match", "when" -> "condition";
                    case "undeclared" -> "undeclared ports";
                    default -> Words.spaced(component.getName());
                };
        if (owner instanceof Timeouts) {
            name = name + " timeout";
        }
        return name.isEmpty() ? what : what.isEmpty() ? name : name + " of " + what;
    }

    private static @Nullable Origin origin(Record record, String name, @Nullable Origin otherwise) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            if (component.getType() == Origin.class
                    && component.getName().equals(name)
                    && Words.component(record, component) instanceof Origin origin) {
                return origin;
            }
        }
        return otherwise;
    }

    private void maps(String what, @Nullable Origin origin, Map<?, ?> before, Map<?, ?> after) {
        TreeSet<Object> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (Object key : keys) {
            String name = key + " of " + what;
            if (!before.containsKey(key)) {
                add(Change.Kind.ADDED, name, origin, after.get(key));
            } else if (!after.containsKey(key)) {
                add(Change.Kind.REMOVED, name, origin, before.get(key));
            } else {
                walk(name, origin, before.get(key), after.get(key));
            }
        }
    }

    private void lists(String what, @Nullable Origin origin, List<?> before, List<?> after) {
        boolean elements =
                !(before.isEmpty() ? after : before).isEmpty()
                        && (before.isEmpty() ? after : before).getFirst() instanceof Record first
                        && !isWhole(first);
        if (!elements) {
            String was = Words.of(before);
            String is = Words.of(after);
            if (!was.equals(is)) {
                found.add(new Difference(Change.Kind.CHANGED, what, was, is, origin));
            }
            return;
        }
        ListPairs pairs = ListPairs.of(before, after);
        for (ListPairs.Pair pair : pairs.pairs()) {
            walk(within(pair.identity(), what), origin, pair.before(), pair.after());
            if (pair.moved()) {
                String label = within(pair.identity(), what);
                if (pair.after() instanceof Record moved) {
                    found.add(
                            new Difference(
                                    Change.Kind.MOVED,
                                    pair.identity().label().equals("rule")
                                            ? "rule " + Words.of(moved)
                                            : label,
                                    Integer.toString(pair.from() + 1),
                                    Integer.toString(pair.to() + 1),
                                    origin(moved, "origin", origin)));
                }
            }
        }
        pairs.added()
                .forEach(each ->
                        add(Change.Kind.ADDED, within(Identity.of(each), what), origin, each));
        pairs.removed()
                .forEach(each ->
                        add(Change.Kind.REMOVED, within(Identity.of(each), what), origin, each));
    }

    /** Elements that say themselves what they are need no owner. */
    private static String within(Identity identity, String what) {
        boolean alone =
                what.isEmpty()
                        || identity.label().startsWith("route ")
                        || identity.label().startsWith("host ")
                        || identity.label().startsWith("filter ")
                        || identity.label().equals("rule");
        return alone ? identity.label() : identity.label() + " in " + what;
    }

    private void add(
            Change.Kind kind, String what, @Nullable Origin origin, @Nullable Object value) {
        String words = Words.of(value);
        String text = words.startsWith(what) || what.endsWith(words) ? "" : words;
        Origin place = value instanceof Record record ? origin(record, "origin", origin) : origin;
        boolean added = kind == Change.Kind.ADDED;
        found.add(new Difference(kind, what, added ? "" : text, added ? text : "", place));
    }
}
