package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import org.jspecify.annotations.Nullable;

/** What Consul's servers say of calls for which there is no intention. */
final class DefaultPolicy {

    private DefaultPolicy() {}

    /** Whether they are allowed; null where nothing is said. */
    static @Nullable Boolean read(Field body) {
        Field acl = body.get("acl");
        Boolean own = policy(body.get("default_intention_policy"));
        Boolean ofLists = policy(acl.get("default_policy"));
        if (own != null) {
            return own;
        }
        if (ofLists != null && !ofLists && !acl.get("enabled").bool(false)) {
            acl.get("default_policy")
                    .warn(
                            Code.CONTRADICTION,
                            "deny while access control lists are not enabled: Consul would allow,"
                                    + " here deny holds",
                            "set acl.enabled = true, or remove default_policy");
        }
        acl.get("tokens")
                .entries()
                .forEach((name, token) -> {
                    if (!token.loose().orElse("").isBlank()) {
                        token.warn(
                                Code.SECRET_IN_FILES,
                                "a token of Consul's API stands in the configuration",
                                "keep it in a Secret, and revoke this one");
                    }
                });
        return ofLists;
    }

    private static @Nullable Boolean policy(Field field) {
        String text = field.text("");
        return switch (text) {
            case "" -> null;
            case "allow" -> Boolean.TRUE;
            case "deny" -> Boolean.FALSE;
            default -> {
                field.reportValue(text, "allow, deny");
                yield Boolean.FALSE;
            }
        };
    }
}
