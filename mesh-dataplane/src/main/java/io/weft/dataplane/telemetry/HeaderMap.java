package io.weft.dataplane.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Headers as expressions see them: by name in lower case, several values joined by commas. */
final class HeaderMap extends AbstractMap<String, String> {

    private final HttpHeaders headers;

    HeaderMap(HttpHeaders headers) {
        this.headers = headers;
    }

    @Override
    public @Nullable String get(@Nullable Object name) {
        if (!(name instanceof String text) || !headers.contains(text)) {
            return null;
        }
        return String.join(",", headers.getAll(text));
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return name instanceof String text && headers.contains(text);
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        Map<String, String> all = new LinkedHashMap<>();
        headers.forEach(header ->
                all.merge(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue(),
                        (one, other) -> one + "," + other));
        return all.entrySet();
    }
}
