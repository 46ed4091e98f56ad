package io.weft.preview.diff;

import io.weft.engine.explain.MatchText;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzStep;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.route.Destination;
import io.weft.model.route.Fraction;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.WeightedDestination;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values of the model in words, without their origins. Equal values give equal words. */
final class Words {

    private Words() {}

    static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "none";
            case Match match -> MatchText.of(match);
            case StringMatch match -> MatchText.of(match);
            case Duration duration -> duration(duration);
            case Fraction share -> share.partsPerMillion() / 10_000.0 + " %";
            case Destination.ToCluster(var cluster) -> cluster;
            case Destination.Unavailable(var status, var reason) -> status + " " + reason;
            case RouteAction.Forward(var destinations) -> "to " + destinations(destinations);
            case AuthzStep.Decide(var effect, var when, var shadow, var origin) ->
                    effect + (shadow ? " (dry run)" : "") + " when " + of(when);
            case Route route -> "when " + of(route.match()) + ", " + of(route.action());
            case TcpRoute tcp ->
                    "when " + of(tcp.match()) + ", to " + destinations(tcp.destinations());
            case Map<?, ?> map ->
                    map.isEmpty()
                            ? "none"
                            : new TreeMap<>(map)
                                    .entrySet().stream()
                                            .map(e -> e.getKey() + " " + of(e.getValue()))
                                            .collect(Collectors.joining(", "));
            case Collection<?> list ->
                    list.isEmpty()
                            ? "none"
                            : list.stream().map(Words::of).collect(Collectors.joining(", "));
            case Record each -> words(each);
            default -> String.valueOf(value);
        };
    }

    private static String destinations(List<WeightedDestination> destinations) {
        return destinations.stream()
                .map(each ->
                        of(each.destination())
                                + (destinations.size() == 1 ? "" : " " + each.weight()))
                .collect(Collectors.joining(", "));
    }

    static String duration(Duration duration) {
        String iso = duration.toString();
        return iso.startsWith("PT") ? iso.substring(2).toLowerCase(Locale.ROOT) : iso;
    }

    /** Its kind, and what is set of it. */
    private static String words(Record value) {
        String parts =
                List.of(value.getClass().getRecordComponents()).stream()
                        .filter(component -> component.getType() != Origin.class)
                        .filter(component -> isSet(component(value, component)))
                        .map(c -> spaced(c.getName()) + " " + of(component(value, c)))
                        .collect(Collectors.joining(", "));
        String kind = spaced(value.getClass().getSimpleName());
        return parts.isEmpty() ? kind : kind + " (" + parts + ")";
    }

    private static boolean isSet(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Collection<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case String text -> !text.isEmpty();
            case Boolean flag -> flag;
            default -> true;
        };
    }

    /** {@code perTryTimeout} is {@code per try timeout}. */
    static String spaced(String name) {
        String words = name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
        return words.equals("mtls") ? "mTLS mode" : words;
    }

    static @Nullable Object component(Record value, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(value.getClass() + "." + component.getName(), e);
        }
    }
}
