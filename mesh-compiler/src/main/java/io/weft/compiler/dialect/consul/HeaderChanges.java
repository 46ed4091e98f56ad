package io.weft.compiler.dialect.consul;

import io.weft.compiler.dialect.consul.chain.HeaderModifiers;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.route.Filter;
import io.weft.model.route.HeaderOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code requestHeaders} and {@code responseHeaders} of splits, routes and gateways' services. */
final class HeaderChanges {

    private HeaderChanges() {}

    static HeaderModifiers read(Field side) {
        return new HeaderModifiers(
                side.get("add").texts(), side.get("set").texts(), side.get("remove").textItems());
    }

    /** As a filter; none where nothing changes. */
    static List<Filter> filters(HeaderModifiers request, HeaderModifiers response, Origin origin) {
        return request.isEmpty() && response.isEmpty()
                ? List.of()
                : List.of(new Filter.Headers(operations(request), operations(response), origin));
    }

    /** The filter of a holder of both. */
    static List<Filter> filters(Field holder) {
        return filters(
                read(holder.get("requestHeaders")),
                read(holder.get("responseHeaders")),
                holder.origin());
    }

    private static List<HeaderOp> operations(HeaderModifiers side) {
        List<HeaderOp> operations = new ArrayList<>();
        side.set().forEach((n, value) -> operations.add(new HeaderOp.Set(lower(n), value)));
        side.add().forEach((n, value) -> operations.add(new HeaderOp.Add(lower(n), value)));
        side.remove().forEach(name -> operations.add(new HeaderOp.Remove(lower(name))));
        return operations;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
