package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the routes of delegates in the place of the routes that refer to them: one level, and only
 * routes whose match is a subset of the referring one's.
 */
final class Delegates {

    private final List<VirtualServiceSpec> all;
    private final Map<String, VirtualServiceSpec> delegates = new HashMap<>();
    private final Diagnostics diagnostics;

    Delegates(List<VirtualServiceSpec> all, Diagnostics diagnostics) {
        this.all = all;
        this.diagnostics = diagnostics;
        for (VirtualServiceSpec spec : all) {
            if (spec.hosts().isEmpty()) {
                delegates.put(spec.id(), spec);
            }
        }
    }

    /** The VirtualServices that have hosts, with delegates put in. */
    List<VirtualServiceSpec> resolve() {
        return all.stream()
                .filter(spec -> !spec.hosts().isEmpty())
                .map(spec -> spec.withHttp(expand(spec)))
                .toList();
    }

    private List<HttpRouteSpec> expand(VirtualServiceSpec root) {
        List<HttpRouteSpec> routes = new ArrayList<>();
        for (HttpRouteSpec route : root.http()) {
            if (route.delegate().isEmpty()) {
                routes.add(route);
                continue;
            }
            VirtualServiceSpec delegate = delegates.get(route.delegate());
            if (delegate == null || !delegate.exportTo().includes(root.namespace())) {
                report(
                        Level.ERROR,
                        Code.DANGLING_REFERENCE,
                        route.origin(),
                        "delegate " + route.delegate() + " does not exist or has hosts of its own",
                        "create a VirtualService of that name without hosts");
                continue;
            }
            for (HttpRouteSpec inner : delegate.http()) {
                merge(route, inner).ifPresent(routes::add);
            }
        }
        return routes;
    }

    private Optional<HttpRouteSpec> merge(HttpRouteSpec root, HttpRouteSpec inner) {
        if (!inner.delegate().isEmpty()) {
            report(
                    Level.WARNING,
                    Code.UNREACHABLE_ROUTE,
                    inner.origin(),
                    "a delegate cannot delegate again; this route is not in force",
                    "refer to it from the root");
            return Optional.empty();
        }
        List<HttpMatchSpec> matches = new ArrayList<>();
        for (HttpMatchSpec outer : root.matches()) {
            for (HttpMatchSpec own : inner.matches()) {
                merge(outer, own).ifPresent(matches::add);
            }
        }
        if (matches.isEmpty()) {
            report(
                    Level.WARNING,
                    Code.UNREACHABLE_ROUTE,
                    inner.origin(),
                    "its match is not within that of "
                            + root.origin().describe()
                            + "; this route is not in force",
                    "match a part of what the root matches");
            return Optional.empty();
        }
        boolean rewrites = inner.rewrites();
        RouteFilters filters =
                inner.filters().over(root.filters(), (rewrites ? inner : root).filters().rewrite());
        return Optional.of(
                new HttpRouteSpec(
                        root.name() + "-" + inner.name(),
                        matches,
                        inner.targets(),
                        inner.fixed(),
                        inner.redirectUri(),
                        rewrites ? inner.rewriteUri() : root.rewriteUri(),
                        filters,
                        inner.mirrors().isEmpty() ? root.mirrors() : inner.mirrors(),
                        inner.timeout() != null ? inner.timeout() : root.timeout(),
                        inner.retries() != null ? inner.retries() : root.retries(),
                        "",
                        inner.origin()));
    }

    /** Empty where the delegate's alternative goes beyond the root's, or contradicts it. */
    private static Optional<HttpMatchSpec> merge(HttpMatchSpec outer, HttpMatchSpec own) {
        if (outer.port() > 0 && own.port() > 0 && outer.port() != own.port()
                || own.uri() != null && outer.uri() != null && !within(own.uri(), outer.uri())
                || !outer.sourceNamespace().isEmpty()
                        && !own.sourceNamespace().isEmpty()
                        && !outer.sourceNamespace().equals(own.sourceNamespace())
                || !outer.gateways().isEmpty() && !outer.gateways().containsAll(own.gateways())) {
            return Optional.empty();
        }
        Map<String, String> labels = new HashMap<>(outer.sourceLabels());
        for (Map.Entry<String, String> label : own.sourceLabels().entrySet()) {
            String wanted = labels.putIfAbsent(label.getKey(), label.getValue());
            if (wanted != null && !wanted.equals(label.getValue())) {
                return Optional.empty();
            }
        }
        return Optional.of(
                new HttpMatchSpec(
                        own.gateways().isEmpty() ? outer.gateways() : own.gateways(),
                        labels,
                        outer.sourceNamespace().isEmpty()
                                ? own.sourceNamespace()
                                : outer.sourceNamespace(),
                        Math.max(outer.port(), own.port()),
                        own.uri() != null ? own.uri() : outer.uri(),
                        Match.allOf(List.of(outer.request(), own.request()))));
    }

    private static boolean within(StringMatch inner, StringMatch outer) {
        if (outer instanceof StringMatch.Prefix prefix) {
            return inner instanceof StringMatch.Prefix own && own.value().startsWith(prefix.value())
                    || inner instanceof StringMatch.Exact exact
                            && exact.value().startsWith(prefix.value());
        }
        return inner.equals(outer);
    }

    private void report(Level level, Code code, Origin at, String message, String mend) {
        diagnostics.add(
                new Diagnostic(
                        code,
                        level,
                        at.kind(),
                        at.namespace(),
                        at.name(),
                        "",
                        at.file(),
                        at.line(),
                        1,
                        "",
                        message,
                        mend));
    }
}
