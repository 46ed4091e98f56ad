package io.weft.compiler.dialect.gatewayapi;

import io.weft.model.match.Match;
import org.jspecify.annotations.Nullable;

/**
 * One match of a rule.
 *
 * @param prefix the path prefix that matched, without a trailing slash; null where the path is
 *     matched in another way
 */
record MatchSpec(Match match, @Nullable String prefix, Rank rank) {

    /** How a path is matched, least specific first. */
    enum PathClass {
        PREFIX,
        REGEX,
        EXACT
    }

    /**
     * What the precedence of matches goes by. A regular expression, whose place the API leaves to
     * the implementation, stands between exact paths and prefixes.
     *
     * @param pathLength of the path as written
     */
    record Rank(PathClass path, int pathLength, boolean method, int headers, int queryParams)
            implements Comparable<Rank> {

        /** Greater is more specific. */
        @Override
        public int compareTo(Rank other) {
            int order = path.compareTo(other.path);
            order = order != 0 ? order : Integer.compare(pathLength, other.pathLength);
            order = order != 0 ? order : Boolean.compare(method, other.method);
            order = order != 0 ? order : Integer.compare(headers, other.headers);
            return order != 0 ? order : Integer.compare(queryParams, other.queryParams);
        }
    }
}
