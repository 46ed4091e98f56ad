package io.weft.compiler.dialect.consul.acl;

import io.weft.compiler.dialect.consul.intention.Intention;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who may read and write intentions. A rule for exactly a service goes before those for prefixes,
 * and a longer prefix before a shorter one; what no rule is about is denied.
 */
public record AclRules(List<Rule> rules) {

    private static final String ANY = "*";

    public AclRules {
        rules = List.copyOf(rules);
    }

    /** What a rule grants; more includes less. */
    public enum Access {
        DENY,
        READ,
        WRITE;

        /** As it is written; empty when it is no access. */
        public static Optional<Access> parse(String text) {
            return switch (text) {
                case "deny" -> Optional.of(DENY);
                case "read", "list" -> Optional.of(READ);
                case "write" -> Optional.of(WRITE);
                default -> Optional.empty();
            };
        }
    }

    /**
     * A rule.
     *
     * @param prefix whether it is about all services whose names begin so
     * @param segment the name or its beginning
     */
    public record Rule(boolean prefix, String segment, Access intentions) {

        /** Who may read or write a service may read its intentions, unless the rule says more. */
        public static Access implied(Access service) {
            return service == Access.DENY ? Access.DENY : Access.READ;
        }

        boolean isAbout(String name) {
            return prefix ? name.startsWith(segment) : name.equals(segment);
        }
    }

    /** Reading one end is reading all of it. */
    public boolean mayRead(Intention intention) {
        return reads(intention.source().name()) || reads(intention.destination());
    }

    /** Only who may write the destination decides who may call it. */
    public boolean mayWrite(Intention intention) {
        String name = intention.destination();
        if (!name.equals(ANY)) {
            return access(name) == Access.WRITE;
        }
        // All services are meant: all must be granted, those that no rule names as well.
        return rules.stream().anyMatch(rule -> rule.prefix() && rule.segment().isEmpty())
                && rules.stream().allMatch(rule -> rule.intentions() == Access.WRITE);
    }

    private boolean reads(String name) {
        return name.equals(ANY)
                ? rules.stream().anyMatch(rule -> rule.intentions() != Access.DENY)
                : access(name) != Access.DENY;
    }

    private Access access(String name) {
        return rules.stream()
                .filter(rule -> rule.isAbout(name))
                .max(
                        Comparator.comparing((Rule rule) -> !rule.prefix())
                                .thenComparingInt(rule -> rule.segment().length()))
                .map(Rule::intentions)
                .orElse(Access.DENY);
    }
}
