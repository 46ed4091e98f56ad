package io.weft.compiler.dialect.weft;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.yaml.Field;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gateway filters for the routes of one resource.
 *
 * @param route name of one of its routes, empty for all
 */
record RouteFilters(
        String namespace, String kind, String name, String route, List<Filter.Gateway> filters) {

    /** The key under which Spring Cloud Gateway keeps an argument of its shorthand. */
    private static final String SHORTHAND_KEY = "_genkey_";

    RouteFilters {
        filters = List.copyOf(filters);
    }

    static RouteFilters read(Field root) {
        Field spec = root.get("spec");
        Field target = spec.get("target");
        List<Filter.Gateway> filters = new ArrayList<>();
        for (Field item : spec.get("filters").items()) {
            filters.add(filter(item));
        }
        if (filters.isEmpty()) {
            spec.get("filters").reportMissing();
        }
        RouteFilters read =
                new RouteFilters(
                        root.resource().namespace(),
                        target.get("kind").required(),
                        target.get("name").required(),
                        target.get("route").text(""),
                        filters);
        root.reportUnknown(Level.ERROR);
        return read;
    }

    private static Filter.Gateway filter(Field item) {
        if (item.isMapping()) {
            Map<String, String> args = new LinkedHashMap<>();
            item.get("args").entries().forEach((key, arg) -> args.put(key, arg.loose().orElse("")));
            return new Filter.Gateway(item.get("name").required(), args, item.origin());
        }
        String text = item.text("");
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        if (name.isBlank()) {
            item.error(
                    Code.INVALID_VALUE,
                    "'" + text + "' (expected: Name or Name=argument, argument)",
                    "begin with the filter's name");
        }
        Map<String, String> args = new LinkedHashMap<>();
        if (equals >= 0) {
            for (String arg : text.substring(equals + 1).split(",", -1)) {
                args.put(SHORTHAND_KEY + args.size(), arg.strip());
            }
        }
        return new Filter.Gateway(name.strip(), args, item.origin());
    }

    boolean concerns(Route candidate) {
        Origin origin = candidate.origin();
        return origin.dialect() != Dialect.WEFT
                && origin.kind().equals(kind)
                && origin.name().equals(name)
                && origin.namespace().equals(namespace)
                && (route.isEmpty() || route.equals(candidate.name()));
    }
}
