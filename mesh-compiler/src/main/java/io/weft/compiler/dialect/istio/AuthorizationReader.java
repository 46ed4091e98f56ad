package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.match.Cidr;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Rules of an AuthorizationPolicy. */
final class AuthorizationReader {

    private static final String PATH_STAR = "{*}";
    private static final String PATH_STARS = "{**}";

    private final TrustDomains trustDomains;

    AuthorizationReader(TrustDomains trustDomains) {
        this.trustDomains = trustDomains;
    }

    /** A policy that cannot be scoped as written must not reach further instead. */
    static void refuseTargets(Field spec) {
        for (String name : List.of("targetRef", "targetRefs")) {
            Field target = spec.get(name).accept();
            if (target.isPresent() && !target.isEmpty()) {
                target.error(
                        Code.UNSUPPORTED_FIELD,
                        "policies are not attached by reference here",
                        "select the workloads by selector.matchLabels");
            }
        }
    }

    AuthorizationRule rule(Field rule) {
        List<List<List<AuthorizationRule.Clause>>> groups = new ArrayList<>();
        Field from = rule.get("from");
        if (from.isPresent()) {
            groups.add(alternatives(from, item -> source(required(item.get("source")))));
        }
        Field to = rule.get("to");
        if (to.isPresent()) {
            groups.add(alternatives(to, item -> operation(required(item.get("operation")))));
        }
        for (Field condition : rule.get("when").items()) {
            groups.add(condition(condition));
        }
        return new AuthorizationRule(groups, rule.origin());
    }

    private static Field required(Field field) {
        if (!field.isPresent() || field.isEmpty()) {
            field.error(
                    Code.MISSING_FIELD,
                    "empty (expected: at least one field)",
                    "say what it shall match, or remove the whole list");
        }
        return field;
    }

    private static List<List<AuthorizationRule.Clause>> alternatives(
            Field list, Function<Field, List<AuthorizationRule.Clause>> reader) {
        List<Field> items = list.items();
        if (items.isEmpty()) {
            list.error(
                    Code.MISSING_FIELD,
                    "an empty list (expected: at least one item)",
                    "add an item, or remove the list");
        }
        return items.stream().map(reader).toList();
    }

    private List<AuthorizationRule.Clause> source(Field source) {
        List<AuthorizationRule.Clause> clauses = new ArrayList<>();
        String own = source.resource().namespace();
        both(source, "principals", false, clauses, this::principal);
        both(
                source,
                "requestPrincipals",
                true,
                clauses,
                text(value -> new Match.RequestPrincipal(StringMatches.pattern(value))));
        both(
                source,
                "namespaces",
                false,
                clauses,
                text(value -> new Match.PeerNamespace(StringMatches.pattern(value))));
        both(
                source,
                "serviceAccounts",
                false,
                clauses,
                text(value ->
                        new Match.PeerServiceAccount(
                                StringMatches.pattern(
                                        value.contains("/") ? value : own + "/" + value))));
        both(source, "ipBlocks", false, clauses, range(Match.SourceIp::new));
        both(source, "remoteIpBlocks", false, clauses, range(Match.RemoteIp::new));
        return clauses;
    }

    private List<AuthorizationRule.Clause> operation(Field operation) {
        List<AuthorizationRule.Clause> clauses = new ArrayList<>();
        both(
                operation,
                "hosts",
                true,
                clauses,
                text(value ->
                        new Match.Host(StringMatches.pattern(value.toLowerCase(Locale.ROOT)))));
        both(
                operation,
                "methods",
                true,
                clauses,
                text(value -> new Match.Method(StringMatches.pattern(value))));
        both(operation, "paths", true, clauses, AuthorizationReader::path);
        both(operation, "ports", false, clauses, AuthorizationReader::port);
        return clauses;
    }

    /** The field and its negation. */
    private static void both(
            Field holder,
            String name,
            boolean httpOnly,
            List<AuthorizationRule.Clause> clauses,
            Function<Field, Optional<Match>> value) {
        Match positive = anyOf(holder.get(name), value);
        if (positive != null) {
            clauses.add(new AuthorizationRule.Clause(positive, httpOnly));
        }
        String negated = "not" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
        Match negative = anyOf(holder.get(negated), value);
        if (negative != null) {
            clauses.add(new AuthorizationRule.Clause(new Match.Not(negative), httpOnly));
        }
    }

    private static @org.jspecify.annotations.Nullable Match anyOf(
            Field list, Function<Field, Optional<Match>> value) {
        List<Field> items = list.items();
        if (items.isEmpty()) {
            return null;
        }
        List<Match> alternatives = new ArrayList<>();
        for (Field item : items) {
            if (item.text("").isEmpty()) {
                item.error(
                        Code.INVALID_VALUE,
                        "empty (expected: a value)",
                        "write a value, or remove the item");
                continue;
            }
            value.apply(item).ifPresent(alternatives::add);
        }
        return Match.anyOf(alternatives);
    }

    private static Function<Field, Optional<Match>> text(Function<String, Match> leaf) {
        return field -> field.text().map(leaf);
    }

    private static Function<Field, Optional<Match>> range(Function<Cidr, Match> leaf) {
        return field -> VirtualServiceReader.Addresses.read(field).map(leaf);
    }

    private Optional<Match> principal(Field field) {
        String value = field.text("");
        if (value.startsWith("spiffe://")) {
            field.warn(
                    Code.INEFFECTIVE_POLICY,
                    "'" + value + "' never matches: principals are written without spiffe://",
                    "write " + value.substring("spiffe://".length()));
        }
        List<Match> names = new ArrayList<>();
        for (String name : trustDomains.expand(value)) {
            names.add(new Match.PeerPrincipal(StringMatches.pattern(name)));
        }
        return Optional.of(Match.anyOf(names));
    }

    private static Optional<Match> path(Field field) {
        String value = field.text("");
        if (!value.contains(PATH_STAR) && !value.contains(PATH_STARS)) {
            return Optional.of(new Match.Path(StringMatches.pattern(value)));
        }
        String rest = value.replace(PATH_STARS, "").replace(PATH_STAR, "");
        if (rest.contains("*") || rest.contains("{") || rest.contains("}")) {
            field.reportValue(value, "a template with {*} and {**} only");
            return Optional.empty();
        }
        return Optional.of(new Match.Path(new StringMatch.PathTemplate(value)));
    }

    private static Optional<Match> port(Field field) {
        String value = field.text("");
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65535) {
            field.reportValue(value, "a port number in quotes");
            return Optional.empty();
        }
        return Optional.of(new Match.DestinationPort(Integer.parseInt(value)));
    }

    private List<List<AuthorizationRule.Clause>> condition(Field condition) {
        String key = condition.get("key").required();
        ConditionKey known = ConditionKey.parse(key);
        Field values = condition.get("values");
        Field notValues = condition.get("notValues");
        List<AuthorizationRule.Clause> clauses = new ArrayList<>();
        if (known == null) {
            condition
                    .get("key")
                    .reportValue(
                            key,
                            "request.headers[…], request.auth.principal, .audiences, .presenter,"
                                    + " .claims[…], source.ip, .namespace, .principal, remote.ip,"
                                    + " destination.ip, .port, connection.sni");
            values.accept();
            notValues.accept();
            return List.of(List.of(new AuthorizationRule.Clause(Match.NEVER, false)));
        }
        Function<Field, Optional<Match>> leaf =
                known.subject() == ConditionKey.Subject.PEER_PRINCIPAL
                        ? this::principal
                        : known::leaf;
        Match positive = anyOf(values, leaf);
        Match negative = anyOf(notValues, leaf);
        if (positive == null && negative == null) {
            condition.error(
                    Code.MISSING_FIELD,
                    "neither values nor notValues (expected: one)",
                    "add values");
        }
        if (positive != null) {
            clauses.add(new AuthorizationRule.Clause(positive, known.httpOnly()));
        }
        if (negative != null) {
            clauses.add(new AuthorizationRule.Clause(new Match.Not(negative), known.httpOnly()));
        }
        return List.of(clauses);
    }
}
