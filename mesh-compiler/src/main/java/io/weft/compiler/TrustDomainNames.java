package io.weft.compiler;

import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzStep;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of the mesh's trust domain. Dialects write principals with one of them; here a
 * principal of one becomes a principal of all.
 */
record TrustDomainNames(Set<String> names) {

    static TrustDomainNames of(String own, List<String> aliases) {
        Set<String> names = new LinkedHashSet<>();
        names.add(own);
        names.addAll(aliases);
        return new TrustDomainNames(names);
    }

    AuthzLayer all(AuthzLayer layer) {
        return names.size() == 1
                ? layer
                : new AuthzLayer(
                        layer.dialect(),
                        layer.steps().stream().map(this::all).toList(),
                        layer.otherwise(),
                        layer.otherwiseOrigin());
    }

    private AuthzStep all(AuthzStep step) {
        return switch (step) {
            case AuthzStep.Decide(var effect, var when, var shadow, var origin) ->
                    new AuthzStep.Decide(effect, all(when), shadow, origin);
            case AuthzStep.Audit(var when, var origin) -> new AuthzStep.Audit(all(when), origin);
            case AuthzStep.External(var provider, var when, var shadow, var origin) ->
                    new AuthzStep.External(provider, all(when), shadow, origin);
        };
    }

    private Match all(Match match) {
        return switch (match) {
            case Match.AllOf(var operands) ->
                    new Match.AllOf(operands.stream().map(this::all).toList());
            case Match.AnyOf(var operands) ->
                    new Match.AnyOf(operands.stream().map(this::all).toList());
            case Match.Not(var operand) -> new Match.Not(all(operand));
            case Match.PeerPrincipal(StringMatch.Exact(var text, var ignoreCase)) ->
                    anyName(text, match, other -> new StringMatch.Exact(other, ignoreCase));
            case Match.PeerPrincipal(StringMatch.Prefix(var text, var ignoreCase)) ->
                    anyName(text, match, other -> new StringMatch.Prefix(other, ignoreCase));
            case Match.PeerPrincipal _,
                    Match.Always _,
                    Match.Path _,
                    Match.Method _,
                    Match.Scheme _,
                    Match.Authority _,
                    Match.Host _,
                    Match.Header _,
                    Match.QueryParam _,
                    Match.DestinationPort _,
                    Match.Sni _,
                    Match.PeerNamespace _,
                    Match.PeerServiceAccount _,
                    Match.SourceIp _,
                    Match.RemoteIp _,
                    Match.DestinationIp _,
                    Match.RequestPrincipal _,
                    Match.Audience _,
                    Match.Presenter _,
                    Match.Claim _ ->
                    match;
        };
    }

    private interface Form {
        StringMatch of(String principal);
    }

    private Match anyName(String principal, Match written, Form form) {
        int slash = principal.indexOf('/');
        if (slash < 0 || !names.contains(principal.substring(0, slash))) {
            return written;
        }
        List<Match> any = new ArrayList<>();
        for (String name : names) {
            any.add(new Match.PeerPrincipal(form.of(name + principal.substring(slash))));
        }
        return new Match.AnyOf(any);
    }
}
