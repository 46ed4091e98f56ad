package io.weft.policy.join;

import io.weft.model.Secret;

/**
 * A token that can be used again and again, for development: whoever reads it may be anyone it
 * allows. Only what the operator configures; never made by the API.
 *
 * @param namespace or {@code *}
 * @param serviceAccount or {@code *}
 */
public record ReusableToken(Secret token, String namespace, String serviceAccount) {

    private static final int MIN_LENGTH = 16;

    public ReusableToken {
        if (token.reveal().length() < MIN_LENGTH) {
            throw new IllegalArgumentException(
                    "reusable token: "
                            + token.reveal().length()
                            + " characters (expected: at least "
                            + MIN_LENGTH
                            + ")");
        }
    }

    boolean allows(String otherNamespace, String otherServiceAccount) {
        return (namespace.equals("*") || namespace.equals(otherNamespace))
                && (serviceAccount.equals("*") || serviceAccount.equals(otherServiceAccount));
    }
}
