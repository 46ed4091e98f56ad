package io.weft.engine.authz;

import io.weft.model.Origin;

/** A match that has no effect on the verdict but is reported: an audit, or a dry run. */
public record Recorded(Kind kind, Origin origin) {

    /** What a match would have done. */
    public enum Kind {
        AUDIT,
        SHADOW_ALLOW,
        SHADOW_DENY,
        SHADOW_EXTERNAL
    }
}
