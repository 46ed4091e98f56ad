package io.weft.compiler.dialect.linkerd;

import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;

/**
 * One match of a rule of an HTTPRoute.
 *
 * @param path what the path must be
 * @param rest what else must hold
 * @param kind how the path is matched
 * @param length of the prefix; what is exact or regular matches the whole path, however long it is
 * @param text the path as written, without the trailing slash of a prefix
 */
record RuleMatch(
        Match path,
        Match rest,
        PathKind kind,
        int length,
        String text,
        int headers,
        int queryParams,
        boolean method) {

    /** How a path is matched. */
    enum PathKind {
        EXACT,
        PREFIX,
        REGEX
    }

    /** Whether a match is one of the whole path: nothing can be longer. */
    boolean whole() {
        return kind != PathKind.PREFIX;
    }

    /** The case of a prefix in which it is the whole path, and as long as any other match. */
    RuleMatch asWhole() {
        return new RuleMatch(
                new Match.Path(new StringMatch.Exact(text.isEmpty() ? "/" : text)),
                rest,
                PathKind.EXACT,
                length,
                text,
                headers,
                queryParams,
                method);
    }
}
