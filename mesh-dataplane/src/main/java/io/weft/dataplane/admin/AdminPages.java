package io.weft.dataplane.admin;

import org.jspecify.annotations.Nullable;

/**
 * Pages that whoever runs the proxy adds to its administration port. Called by the server's own
 * thread, which may be kept busy. Thread-safe.
 */
@FunctionalInterface
public interface AdminPages {

    /** Adds none. */
    AdminPages NONE = ask -> null;

    /**
     * What is asked for.
     *
     * @param uri path and query
     * @param contentType of the body, empty when it says none
     */
    record Ask(String method, String uri, String contentType, String body) {

        /** The path without the query. */
        public String path() {
            int query = uri.indexOf('?');
            return query < 0 ? uri : uri.substring(0, query);
        }
    }

    /** An answer. */
    sealed interface Page {

        /** A value for Jackson to write; secrets in it are redacted. */
        record Json(int status, Object value) implements Page {}

        /** A body as it is. */
        record Text(int status, String contentType, String body) implements Page {}
    }

    /** The answer, or null for a path that is not one of these pages. */
    @Nullable Page page(Ask ask);
}
