package io.weft.compiler.dialect.consul;

import io.weft.compiler.dialect.consul.acl.AclRules;
import io.weft.compiler.dialect.consul.acl.AclRules.Access;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.List;

/** Rules of Consul's access control lists, as far as they are about services and intentions. */
final class AclReader {

    private AclReader() {}

    static AclRules read(Field body) {
        List<AclRules.Rule> rules = new ArrayList<>();
        for (String resource : List.of("service", "service_prefix")) {
            body.get(resource)
                    .entries()
                    .forEach((segment, rule) -> {
                        Access service = access(rule.get("policy"), Access.DENY);
                        Access intentions =
                                access(rule.get("intentions"), AclRules.Rule.implied(service));
                        rules.add(
                                new AclRules.Rule(
                                        resource.endsWith("_prefix"), segment, intentions));
                    });
        }
        return new AclRules(rules);
    }

    private static Access access(Field field, Access otherwise) {
        if (!field.isPresent()) {
            return otherwise;
        }
        String text = field.text("");
        return Access.parse(text)
                .orElseGet(() -> {
                    field.reportValue(text, "deny, read, write");
                    return Access.DENY;
                });
    }
}
