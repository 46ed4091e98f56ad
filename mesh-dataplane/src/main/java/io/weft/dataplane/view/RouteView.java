package io.weft.dataplane.view;

import java.util.List;

/**
 * A compiled route.
 *
 * @param table name of its table, {@code host:port} or {@code gateway:port…}
 * @param domains of its virtual host
 * @param match as text
 * @param action {@code forward}, {@code redirect}, {@code direct-response} or {@code unknown-host}
 * @param destinations {@code cluster weight}
 * @param filters kinds, in order
 * @param origin {@code Kind namespace/name file:line}
 */
public record RouteView(
        String table,
        List<String> domains,
        String name,
        String match,
        String action,
        List<String> destinations,
        List<String> filters,
        String origin) {}
