package io.weft.compiler.dialect.istio;

import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.MeshSettings;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.route.Filter;
import io.weft.model.route.PathRewrite;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.TcpRoute;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a caller's routes: what cannot match for it is left out, destinations are linked. */
final class RouteWriter {

    private static final String PREFIX_VARIABLE = "%PREFIX()%";

    private final HttpMatchSpec.Caller caller;
    private final ClusterLinker linker;
    private final MeshSettings.@Nullable Retries usual;

    /**
     * @param usual the retries of routes that do not say it; null is Istio's default
     */
    RouteWriter(
            HttpMatchSpec.Caller caller,
            ClusterLinker linker,
            MeshSettings.@Nullable Retries usual) {
        this.caller = caller;
        this.linker = linker;
        this.usual = usual;
    }

    /** Routes up to the first that takes everything. */
    List<Route> http(List<HttpRouteSpec> specs) {
        List<Route> routes = new ArrayList<>();
        for (HttpRouteSpec spec : specs) {
            List<HttpMatchSpec> matches =
                    spec.matches().stream().filter(match -> match.concerns(caller)).toList();
            if (matches.isEmpty()) {
                continue;
            }
            boolean pathMatters = spec.rewriteUri() != null || spec.redirectUri() != null;
            if (pathMatters) {
                // What is replaced depends on which alternative matched.
                matches.forEach(match -> routes.add(route(spec, match.request(), match.uri())));
            } else {
                List<Match> alternatives = matches.stream().map(HttpMatchSpec::request).toList();
                boolean all = alternatives.stream().anyMatch(m -> m instanceof Match.Always);
                routes.add(route(spec, all ? Match.ALWAYS : Match.anyOf(alternatives), null));
            }
            if (matches.stream().anyMatch(HttpMatchSpec::isCatchAll)) {
                break;
            }
        }
        return routes;
    }

    /** Those of several VirtualServices, oldest first, but what takes everything comes last. */
    List<Route> merged(List<VirtualServiceSpec> specs) {
        List<Route> routes = new ArrayList<>();
        List<Route> last = new ArrayList<>();
        for (VirtualServiceSpec spec : specs) {
            for (Route route : http(spec.http())) {
                (route.match() instanceof Match.Always ? last : routes).add(route);
            }
        }
        routes.addAll(last);
        return routes;
    }

    private Route route(HttpRouteSpec spec, Match match, @Nullable StringMatch uri) {
        List<Filter> filters = new ArrayList<>(spec.filters().all());
        if (spec.rewriteUri() != null) {
            filters.add(new Filter.Rewrite(rewrite(uri, spec.rewriteUri()), null, spec.origin()));
        }
        for (HttpRouteSpec.MirrorSpec mirror : spec.mirrors()) {
            linker.cluster(mirror.target())
                    .ifPresent(cluster ->
                            filters.add(
                                    new Filter.Mirror(cluster, mirror.share(), mirror.origin())));
        }
        boolean forwards = spec.fixed() == null;
        return new Route(
                spec.name(),
                match,
                action(spec, uri),
                filters,
                spec.timeouts(),
                forwards ? spec.retry(usual) : null,
                spec.origin());
    }

    private RouteAction action(HttpRouteSpec spec, @Nullable StringMatch uri) {
        RouteAction fixed = spec.fixed();
        if (fixed == null) {
            return new RouteAction.Forward(linker.link(spec.targets()));
        }
        if (fixed instanceof RouteAction.Redirect redirect && spec.redirectUri() != null) {
            return new RouteAction.Redirect(
                    redirect.status(),
                    redirect.scheme(),
                    redirect.host(),
                    redirect.port(),
                    redirectPath(uri, spec.redirectUri()));
        }
        return fixed;
    }

    private static PathRewrite redirectPath(@Nullable StringMatch uri, String written) {
        if (written.startsWith(PREFIX_VARIABLE) && uri instanceof StringMatch.Prefix prefix) {
            return new PathRewrite.Prefix(
                    prefix.value(), written.substring(PREFIX_VARIABLE.length()), true);
        }
        return new PathRewrite.Full(written);
    }

    /** A prefix is replaced as a string; without a match the prefix is the leading slash. */
    private static PathRewrite rewrite(@Nullable StringMatch uri, String replacement) {
        return switch (uri) {
            case null -> new PathRewrite.Prefix("/", replacement, false);
            case StringMatch.Prefix prefix ->
                    new PathRewrite.Prefix(prefix.value(), replacement, false);
            case StringMatch.Exact _,
                    StringMatch.Regex _,
                    StringMatch.Suffix _,
                    StringMatch.Contains _,
                    StringMatch.Present _,
                    StringMatch.PathPrefix _,
                    StringMatch.PathTemplate _,
                    StringMatch.OneOf _ ->
                    new PathRewrite.Full(replacement);
        };
    }

    /** Routes of connections: by SNI first, as they stand first. */
    List<TcpRoute> connections(List<ConnectionRouteSpec> specs) {
        List<TcpRoute> routes = new ArrayList<>();
        for (ConnectionRouteSpec spec : specs) {
            List<Match> matches =
                    spec.matches().stream()
                            .filter(match -> match.concerns(caller))
                            .map(HttpMatchSpec::request)
                            .toList();
            if (!matches.isEmpty()) {
                routes.add(
                        new TcpRoute(
                                spec.name(),
                                Match.anyOf(matches),
                                linker.link(spec.targets()),
                                null,
                                spec.origin()));
            }
        }
        return routes;
    }
}
