package io.weft.compiler.dialect.consul;

import io.weft.compiler.yaml.Field;
import io.weft.model.route.Filter;
import io.weft.model.route.HeaderOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code requestHeaders} and {@code responseHeaders} of splits and routes. */
final class HeaderChanges {

    private HeaderChanges() {}

    static void read(Field holder, List<Filter> filters) {
        List<HeaderOp> request = operations(holder.get("requestHeaders"));
        List<HeaderOp> response = operations(holder.get("responseHeaders"));
        if (!request.isEmpty() || !response.isEmpty()) {
            filters.add(new Filter.Headers(request, response, holder.origin()));
        }
    }

    private static List<HeaderOp> operations(Field side) {
        List<HeaderOp> operations = new ArrayList<>();
        side.get("set")
                .entries()
                .forEach((n, v) -> operations.add(new HeaderOp.Set(lower(n), v.text(""))));
        side.get("add")
                .entries()
                .forEach((n, v) -> operations.add(new HeaderOp.Add(lower(n), v.text(""))));
        side.get("remove")
                .textItems()
                .forEach(name -> operations.add(new HeaderOp.Remove(lower(name))));
        return operations;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
