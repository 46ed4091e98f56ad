package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.route.Filter;
import io.weft.model.route.HeaderOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code Headers}: set, then add, then remove; the host is rewritten, not set. */
final class HeaderReader {

    private HeaderReader() {}

    static void read(Field headers, List<Filter> filters) {
        if (!headers.isPresent()) {
            return;
        }
        List<String> authority = new ArrayList<>();
        List<HeaderOp> request = operations(headers.get("request"), authority);
        List<HeaderOp> response = operations(headers.get("response"), null);
        if (!request.isEmpty() || !response.isEmpty()) {
            filters.add(new Filter.Headers(request, response, headers.origin()));
        }
        if (!authority.isEmpty()) {
            filters.add(new Filter.Rewrite(null, authority.getLast(), headers.origin()));
        }
    }

    private static List<HeaderOp> operations(Field side, @Nullable List<String> authority) {
        List<HeaderOp> operations = new ArrayList<>();
        side.get("set")
                .entries()
                .forEach((name, value) -> {
                    String lower = name.toLowerCase(Locale.ROOT);
                    if (authority != null && (lower.equals("host") || lower.equals(":authority"))) {
                        authority.add(value.text(""));
                    } else if (allowed(value, lower)) {
                        operations.add(new HeaderOp.Set(lower, value.text("")));
                    }
                });
        side.get("add")
                .entries()
                .forEach((name, value) -> {
                    String lower = name.toLowerCase(Locale.ROOT);
                    if (allowed(value, lower)) {
                        operations.add(new HeaderOp.Add(lower, value.text("")));
                    }
                });
        for (Field removed : side.get("remove").items()) {
            String lower = removed.text("").toLowerCase(Locale.ROOT);
            if (allowed(removed, lower)) {
                operations.add(new HeaderOp.Remove(lower));
            }
        }
        return operations;
    }

    private static boolean allowed(Field field, String name) {
        if (name.startsWith(":") || name.equals("host")) {
            field.text();
            field.warn(
                    Code.UNSUPPORTED_FIELD,
                    "'" + name + "' cannot be changed like a header and is ignored",
                    "use rewrite.authority or rewrite.uri");
            return false;
        }
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':')) {
            field.error(
                    Code.INVALID_VALUE,
                    "'" + name + "' (expected: a header name)",
                    "use letters, digits and dashes");
            return false;
        }
        return true;
    }
}
