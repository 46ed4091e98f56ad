package io.weft.engine.match;

import io.weft.engine.AsciiCase;
import io.weft.engine.RequestFacts;
import io.weft.model.SpiffeId;
import io.weft.model.match.Cidr;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.List;

/**
 * Compiles match trees. A leaf whose subject is absent is false; HTTP leaves are false on opaque
 * connections.
 */
public final class Matchers {

    private Matchers() {}

    /**
     * Compiles.
     *
     * @throws IllegalArgumentException when a regular expression is not RE2
     */
    public static RequestPredicate compile(Match match) {
        return compile(match, HeaderValues.TOGETHER);
    }

    /**
     * Compiles for a decision that security depends on: of several values of a header each counts
     * where it closes.
     *
     * @throws IllegalArgumentException when a regular expression is not RE2
     */
    public static RequestPredicate compile(Match match, HeaderValues values) {
        return switch (match) {
            case Match.Always() -> RequestPredicate.ALWAYS;
            case Match.AllOf(var operands) -> all(operands, values);
            case Match.AnyOf(var operands) -> any(operands, values);
            case Match.Not(var operand) -> new Not(compile(operand, values.negated()));
            case Match.Path(var value) -> new Path(StringMatchers.compile(value));
            case Match.Method(var value) -> new Method(StringMatchers.compile(value));
            case Match.Scheme(var value) -> new Scheme(StringMatchers.compile(value));
            case Match.Authority(var value) ->
                    new Authority(StringMatchers.compileIgnoringCase(value));
            case Match.Host(var value) -> new Host(StringMatchers.compileIgnoringCase(value));
            case Match.Header(var name, var value, var missingIsEmpty) ->
                    HeaderPredicates.compile(
                            AsciiCase.lower(name),
                            values.of(StringMatchers.compile(value)),
                            missingIsEmpty);
            case Match.QueryParam(var name, var value, var anyValue) ->
                    anyValue
                            ? new AnyQuery(name, StringMatchers.compile(value))
                            : new Query(name, StringMatchers.compile(value));
            case Match.DestinationPort(var port) -> new Port(port);
            case Match.Sni(var value) -> new Sni(StringMatchers.compileIgnoringCase(value));
            case Match.PeerPrincipal(var value) -> new Principal(StringMatchers.compile(value));
            case Match.PeerNamespace(var value) -> new Namespace(StringMatchers.compile(value));
            case Match.PeerServiceAccount(var value) -> serviceAccount(value);
            case Match.SourceIp(var range) -> new SourceIp(range);
            case Match.RemoteIp(var range) -> new RemoteIp(range);
            case Match.DestinationIp(var range) -> new DestinationIp(range);
            case Match.RequestPrincipal(var value) ->
                    TokenPredicates.principal(StringMatchers.compile(value));
            case Match.Audience(var value) ->
                    TokenPredicates.audience(StringMatchers.compile(value));
            case Match.Presenter(var value) ->
                    TokenPredicates.presenter(StringMatchers.compile(value));
            case Match.Claim(var path, var value, var issuer) ->
                    TokenPredicates.claim(path, StringMatchers.compile(value), issuer);
        };
    }

    private static RequestPredicate all(List<Match> operands, HeaderValues values) {
        RequestPredicate[] compiled = compileAll(operands, values);
        return switch (compiled.length) {
            case 0 -> RequestPredicate.ALWAYS;
            case 1 -> compiled[0];
            case 2 -> new Both(compiled[0], compiled[1]);
            default -> new All(compiled);
        };
    }

    private static RequestPredicate any(List<Match> operands, HeaderValues values) {
        RequestPredicate[] compiled = compileAll(operands, values);
        return switch (compiled.length) {
            case 0 -> RequestPredicate.NEVER;
            case 1 -> compiled[0];
            default -> new Any(compiled);
        };
    }

    private static RequestPredicate[] compileAll(List<Match> operands, HeaderValues values) {
        return operands.stream()
                .map(operand -> compile(operand, values))
                .toArray(RequestPredicate[]::new);
    }

    private static RequestPredicate serviceAccount(StringMatch value) {
        if (value instanceof StringMatch.Exact(var text, var ignoreCase) && !ignoreCase) {
            int slash = text.indexOf('/');
            return slash < 0
                    ? RequestPredicate.NEVER
                    : new OneAccount(text.substring(0, slash), text.substring(slash + 1));
        }
        return new Account(StringMatchers.compile(value));
    }

    private record Both(RequestPredicate first, RequestPredicate second)
            implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            return first.test(facts) && second.test(facts);
        }
    }

    private record All(RequestPredicate[] operands) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            for (RequestPredicate operand : operands) {
                if (!operand.test(facts)) {
                    return false;
                }
            }
            return true;
        }
    }

    private record Any(RequestPredicate[] operands) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            for (RequestPredicate operand : operands) {
                if (operand.test(facts)) {
                    return true;
                }
            }
            return false;
        }
    }

    private record Not(RequestPredicate operand) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            return !operand.test(facts);
        }
    }

    private record Path(StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            return facts.isHttp() && value.test(facts.path());
        }
    }

    private record Method(StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            return facts.isHttp() && value.test(facts.method());
        }
    }

    private record Scheme(StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            return facts.isHttp() && value.test(facts.scheme());
        }
    }

    private record Authority(StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            return facts.isHttp() && value.test(facts.authority());
        }
    }

    private record Host(StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            if (!facts.isHttp()) {
                return false;
            }
            String authority = facts.authority();
            if (value.test(authority)) {
                return true;
            }
            String host = Authorities.host(authority);
            return host.length() != authority.length() && value.test(host);
        }
    }

    private record Query(String name, StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            if (!facts.isHttp()) {
                return false;
            }
            String parameter = QueryStrings.first(facts.query(), name);
            return parameter != null && value.test(parameter);
        }
    }

    private record AnyQuery(String name, StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            return facts.isHttp() && QueryStrings.any(facts.query(), name, value);
        }
    }

    private record Port(int port) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            return facts.destinationPort() == port;
        }
    }

    private record Sni(StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            String sni = facts.sni();
            return sni != null && value.test(sni);
        }
    }

    private record Principal(StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            String principal = facts.peerPrincipal();
            return principal != null && value.test(principal);
        }
    }

    private record Namespace(StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            SpiffeId peer = facts.peer();
            return peer != null && value.test(peer.namespace());
        }
    }

    private record OneAccount(String namespace, String name) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            SpiffeId peer = facts.peer();
            return peer != null
                    && peer.serviceAccount().equals(name)
                    && peer.namespace().equals(namespace);
        }
    }

    private record Account(StringPredicate value) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            SpiffeId peer = facts.peer();
            return peer != null && value.test(peer.namespace() + "/" + peer.serviceAccount());
        }
    }

    private record SourceIp(Cidr range) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            return range.contains(facts.sourceIp());
        }
    }

    private record RemoteIp(Cidr range) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            return range.contains(facts.remoteIp());
        }
    }

    private record DestinationIp(Cidr range) implements RequestPredicate {
        @Override
        public boolean test(RequestFacts facts) {
            byte[] address = facts.destinationIp();
            return address != null && range.contains(address);
        }
    }
}
