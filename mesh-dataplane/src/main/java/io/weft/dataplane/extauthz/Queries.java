package io.weft.dataplane.extauthz;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes the parameters of a query; those that are not named stay as they were written. */
final class Queries {

    private Queries() {}

    /**
     * @param changes values by name; null removes
     * @return null where nothing is left
     */
    static @Nullable String change(@Nullable String query, Map<String, @Nullable String> changes) {
        List<String> parts = new ArrayList<>();
        if (query != null) {
            for (String part : query.split("&")) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                if (!part.isEmpty() && !changes.containsKey(name)) {
                    parts.add(part);
                }
            }
        }
        changes.forEach((name, value) -> {
            if (value != null) {
                parts.add(encoded(name) + "=" + encoded(value));
            }
        });
        return parts.isEmpty() ? null : String.join("&", parts);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
