package io.weft.engine.authz;

import io.weft.model.Origin;
import java.util.List;

/** What the policies of a port say about a request. */
public sealed interface Verdict {

    /** What decided, or what asks. */
    Origin decidedBy();

    /** Audits and dry runs that matched, usually none. */
    List<Recorded> recorded();

    /** Go on. */
    record Allowed(Permit permit, Origin decidedBy, List<Recorded> recorded) implements Verdict {
        public Allowed {
            recorded = List.copyOf(recorded);
        }
    }

    /**
     * Refuse: 403 for a request, a closed connection otherwise.
     *
     * @param reason one sentence for logs, which names the policy
     */
    record Denied(Origin decidedBy, String reason, List<Recorded> recorded) implements Verdict {
        public Denied {
            recorded = List.copyOf(recorded);
        }
    }

    /**
     * An external authoriser must be asked first; then go on with {@link AuthzEngine#consented} or
     * {@link AuthzEngine#refused}. Not answering is refusing.
     *
     * @param provider its name, see {@link io.weft.model.listener.ExternalAuthorizer}
     */
    record AskExternal(String provider, Origin decidedBy, List<Recorded> recorded, Resume resume)
            implements Verdict {
        public AskExternal {
            recorded = List.copyOf(recorded);
        }
    }

    /** Where to go on; only {@link AuthzEngine} reads it. */
    final class Resume {
        final AuthzEngine engine;
        final int layer;
        final int step;
        final int allowedBy;

        Resume(AuthzEngine engine, int layer, int step, int allowedBy) {
            this.engine = engine;
            this.layer = layer;
            this.step = step;
            this.allowedBy = allowedBy;
        }
    }
}
