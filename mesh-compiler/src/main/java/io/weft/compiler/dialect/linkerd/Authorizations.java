package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.LabelSelector;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is authorised for what: authentications, AuthorizationPolicies and ServerAuthorizations. */
final class Authorizations {

    /**
     * @param name of the Server or route; empty for a whole namespace
     * @param servers selects Servers by label, null where {@code name} says which
     */
    record Grant(
            String kind,
            String namespace,
            String name,
            @Nullable LabelSelector servers,
            Match callers,
            Origin origin) {

        boolean covers(ServerSpec server) {
            if (!namespace.equals(server.namespace())) {
                return false;
            }
            return switch (kind) {
                case "Namespace" -> true;
                case "Server" ->
                        servers == null
                                ? name.equals(server.name())
                                : servers.selects(server.labels());
                default -> false;
            };
        }

        boolean covers(RouteSpec route) {
            return kind.equals("HTTPRoute")
                    && namespace.equals(route.namespace())
                    && name.equals(route.name());
        }
    }

    private final Identities identities;
    private final Map<String, Match> authentications = new HashMap<>();
    private final List<Grant> grants = new ArrayList<>();

    Authorizations(Identities identities) {
        this.identities = identities;
    }

    List<Grant> grants() {
        return grants;
    }

    void meshTls(Field root) {
        Field spec = root.get("spec");
        List<Match> any = new ArrayList<>();
        for (Field item : spec.get("identities").items()) {
            identities.name(item).ifPresent(any::add);
        }
        for (Field ref : spec.get("identityRefs").items()) {
            String kind = ref.get("kind").required();
            ref.get("group").text();
            String own = root.resource().namespace();
            String name = ref.get("name").text("");
            switch (kind) {
                case "ServiceAccount" ->
                        any.add(identities.serviceAccount(ref.get("namespace").text(own), name));
                case "Namespace" -> any.add(identities.namespace(name.isEmpty() ? own : name));
                default -> ref.get("kind").reportValue(kind, "ServiceAccount, Namespace");
            }
        }
        if (any.isEmpty()) {
            spec.error(
                    Code.MISSING_FIELD,
                    "neither identities nor identityRefs name anybody",
                    "add identities: ['*'] for every workload of the mesh");
        }
        put(root, Match.anyOf(any));
    }

    void network(Field root) {
        Field networks = root.get("spec").get("networks");
        if (networks.items().isEmpty()) {
            networks.reportMissing();
        }
        put(root, Identities.networks(networks).orElse(Match.NEVER));
    }

    private void put(Field root, Match match) {
        authentications.put(
                root.resource().kind()
                        + " "
                        + root.resource().namespace()
                        + "/"
                        + root.resource().name(),
                match);
    }

    /** After all authentications; one with a dangling reference authorises nobody. */
    void policy(Field root) {
        Field spec = root.get("spec");
        Field target = spec.get("targetRef");
        String kind = target.get("kind").required();
        target.get("group").text();
        String name = target.get("name").required();
        if (!List.of("Server", "HTTPRoute", "Namespace").contains(kind)) {
            target.get("kind").reportValue(kind, "Server, HTTPRoute, Namespace");
            spec.accept();
            return;
        }
        List<Match> all = new ArrayList<>();
        int named = 0;
        int networks = 0;
        boolean dangling = false;
        Field refs = spec.get("requiredAuthenticationRefs");
        if (!refs.isPresent()) {
            refs.reportMissing();
            dangling = true;
        }
        for (Field ref : refs.items()) {
            Optional<Match> match = authentication(ref);
            dangling |= match.isEmpty();
            match.ifPresent(all::add);
            boolean network = ref.get("kind").text("").equals("NetworkAuthentication");
            networks += network ? 1 : 0;
            named += network ? 0 : 1;
        }
        if (named > 1 || networks > 1) {
            refs.error(
                    Code.CONTRADICTION,
                    "several authentications of one sort (expected: at most one identity and one"
                            + " network)",
                    "put the identities into one MeshTLSAuthentication");
        }
        if (!dangling) {
            String namespace = root.resource().namespace();
            grants.add(new Grant(kind, namespace, name, null, Match.allOf(all), root.origin()));
        }
    }

    private Optional<Match> authentication(Field ref) {
        String kind = ref.get("kind").required();
        ref.get("group").text();
        String namespace = ref.get("namespace").text(ref.resource().namespace());
        String name = ref.get("name").required();
        if (kind.equals("ServiceAccount")) {
            return Optional.of(identities.serviceAccount(namespace, name));
        }
        Match match = authentications.get(kind + " " + namespace + "/" + name);
        if (match == null) {
            ref.warn(
                    Code.DANGLING_REFERENCE,
                    kind
                            + " "
                            + namespace
                            + "/"
                            + name
                            + " does not exist: the policy is ignored,"
                            + " and nobody is authorised by it",
                    "create it, or correct the reference");
        }
        return Optional.ofNullable(match);
    }

    void serverAuthorization(Field root) {
        Field spec = root.get("spec");
        Field server = spec.get("server");
        LabelSelector selector =
                server.get("selector").isPresent()
                        ? LabelSelector.read(server.get("selector"))
                        : null;
        String name = server.get("name").text("");
        if (selector == null && name.isEmpty()) {
            server.reportMissing();
            return;
        }
        Field client = spec.get("client");
        if (!client.isPresent()) {
            client.reportMissing();
        }
        List<Match> all = new ArrayList<>();
        Field networks = client.get("networks");
        if (networks.isPresent()) {
            all.add(Identities.networks(networks).orElse(Match.NEVER));
        }
        Field tls = client.get("meshTLS");
        if (tls.isPresent()) {
            all.add(meshClient(tls));
        } else if (!client.get("unauthenticated").bool(false)) {
            client.warn(
                    Code.INEFFECTIVE_POLICY,
                    "neither unauthenticated nor meshTLS: nobody is authorised",
                    "add meshTLS or unauthenticated: true");
            all.add(Match.NEVER);
        }
        grants.add(
                new Grant(
                        "Server",
                        root.resource().namespace(),
                        name,
                        selector,
                        Match.allOf(all),
                        root.origin()));
    }

    private Match meshClient(Field tls) {
        if (tls.get("unauthenticatedTLS").bool(false)) {
            tls.get("unauthenticatedTLS")
                    .warn(
                            Code.UNSUPPORTED_FIELD,
                            "TLS without an identity is not told apart from plain text: only"
                                    + " callers with an identity are let in",
                            "use identities: ['*']");
            return DefaultAccess.authenticated();
        }
        List<Match> any = new ArrayList<>();
        for (Field item : tls.get("identities").items()) {
            identities.name(item).ifPresent(any::add);
        }
        for (Field account : tls.get("serviceAccounts").items()) {
            any.add(
                    identities.serviceAccount(
                            account.get("namespace").text(account.resource().namespace()),
                            account.get("name").required()));
        }
        return Match.anyOf(any);
    }
}
