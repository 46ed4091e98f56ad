package io.weft.compiler.dialect.consul.intention;

import java.util.List;

/** Tokens of which one must have been verified. */
public record TokenRequirement(List<Provider> providers) {

    public TokenRequirement {
        providers = List.copyOf(providers);
    }

    /** A token of this provider, all of whose claims must be so. */
    public record Provider(String name, List<ClaimCheck> claims) {
        public Provider {
            claims = List.copyOf(claims);
        }
    }

    /** A claim by names from the outermost inwards, and its value or one of its elements. */
    public record ClaimCheck(List<String> path, String value) {
        public ClaimCheck {
            path = List.copyOf(path);
        }
    }
}
