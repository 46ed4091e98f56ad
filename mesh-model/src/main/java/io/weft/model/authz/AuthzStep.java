package io.weft.model.authz;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.weft.model.Origin;
import io.weft.model.match.Match;

/** One step of an authorisation layer. Steps are taken in order until one decides. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface AuthzStep {

    Match when();

    Origin origin();

    /**
     * Decides when it matches.
     *
     * @param shadow whether the decision is only recorded (Istio's dry run), never enforced
     */
    record Decide(Effect effect, Match when, boolean shadow, Origin origin) implements AuthzStep {}

    /** Never decides; a match is recorded. */
    record Audit(Match when, Origin origin) implements AuthzStep {}

    /** Asks an external authoriser; its refusal denies, its consent goes on to the next step. */
    record External(String provider, Match when, boolean shadow, Origin origin)
            implements AuthzStep {}
}
