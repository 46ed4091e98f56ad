package io.weft.compiler.dialect.consul.intention;

import io.weft.model.Origin;
import io.weft.model.authz.Effect;
import io.weft.model.match.Match;
import org.jspecify.annotations.Nullable;

/** What an intention says about some requests. */
public record Permission(
        Effect effect, Match match, @Nullable TokenRequirement token, Origin origin) {}
