package io.weft.compiler.dialect.gatewayapi;

import io.weft.model.Origin;
import io.weft.model.route.Filter;
import io.weft.model.route.Fraction;
import io.weft.model.route.PathRewrite;
import org.jspecify.annotations.Nullable;

/** A filter as it is written; some depend on what matched, or on the catalogue. */
sealed interface FilterSpec {

    /** One that is the same for every match. */
    record Ready(Filter filter) implements FilterSpec {}

    /**
     * @param hostname null keeps it
     */
    record Rewrite(@Nullable PathChange path, @Nullable String hostname, Origin origin)
            implements FilterSpec {}

    record Mirror(ObjectRef backend, Fraction share, Origin origin) implements FilterSpec {}

    /**
     * @param port null where none is written
     */
    record Redirect(
            int status,
            @Nullable String scheme,
            @Nullable String hostname,
            @Nullable Integer port,
            @Nullable PathChange path,
            Origin origin)
            implements FilterSpec {}

    /** One that is not known: requests must not pass without it. */
    record Unknown(String type, Origin origin) implements FilterSpec {}

    /**
     * A path modifier.
     *
     * @param full whether the whole path is replaced, not the prefix that matched
     */
    record PathChange(boolean full, String value) {

        PathRewrite after(@Nullable String prefix) {
            if (full) {
                return new PathRewrite.Full(value);
            }
            return new PathRewrite.Prefix(
                    prefix == null || prefix.isEmpty() ? "/" : prefix, value, true);
        }
    }
}
