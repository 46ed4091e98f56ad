package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.weft.dataplane.lane.FilterLane;
import io.weft.dataplane.upstream.ClusterRef;
import io.weft.dataplane.upstream.Target;
import io.weft.engine.authz.Permit;
import io.weft.model.route.RouteAction;
import org.jspecify.annotations.Nullable;

/**
 * Takes an authorised request along its route: filters, lane, dispatch. Thread-safe.
 *
 * @param lane null where the process has none
 */
public record RouteRunner(@Nullable FilterLane lane) {

    /** Runs the route; {@code permit} is the proof that the request was authorised. */
    public void run(Exchange exchange, RoutePlan plan, Permit permit) {
        if (plan.action() instanceof RoutePlan.Action.Forward(Target target)) {
            exchange.record().route(plan.name(), target.label(), target.destination());
        } else {
            exchange.record().routeName = plan.name();
        }
        if (plan.filters().isEmpty()) {
            act(exchange, plan, permit);
        } else {
            FilterChain.run(exchange, plan.filters(), () -> act(exchange, plan, permit));
        }
    }

    private void act(Exchange exchange, RoutePlan plan, Permit permit) {
        if (exchange.finished()) {
            return;
        }
        switch (plan.action()) {
            case RoutePlan.Action.Forward(Target target) -> forward(exchange, plan, target, permit);
            case RoutePlan.Action.Unavailable(var status, var reason, var origin) ->
                    exchange.fail(new ProxyError.BackendUnavailable(status, reason, origin));
            case RoutePlan.Action.Redirect redirect -> redirect(exchange, plan, redirect);
            case RoutePlan.Action.Direct direct -> {
                HttpResponse head = Exchange.newHead(direct.response().status());
                direct.headers().changes.apply(exchange, head.headers());
                exchange.record().decidedBy(plan.origin());
                exchange.answer(head, direct.response().body(), "direct_response");
            }
        }
    }

    private void forward(Exchange exchange, RoutePlan plan, Target target, Permit permit) {
        if (target instanceof ClusterRef ref && ref.current() == null) {
            exchange.fail(
                    new ProxyError.NoCluster(
                            target.unavailable()
                                    + ", but route "
                                    + plan.name()
                                    + " ("
                                    + plan.origin().describe()
                                    + ") leads there"));
            return;
        }
        if (plan.gatewayFilters().isEmpty()) {
            RetryLoop loop =
                    new RetryLoop(
                            exchange,
                            plan,
                            target,
                            exchange.request(),
                            exchange.body(),
                            new ExchangeAnswer(exchange));
            exchange.work(loop);
            loop.start();
        } else if (lane == null) {
            exchange.fail(
                    new ProxyError.LaneFailed(
                            "route "
                                    + plan.name()
                                    + " names gateway filter "
                                    + plan.gatewayFilters().getFirst().name()
                                    + ", but this process has no filter lane"));
        } else {
            LaneRun.start(exchange, plan, target, permit, lane);
        }
    }

    private static void redirect(
            Exchange exchange, RoutePlan plan, RoutePlan.Action.Redirect action) {
        RouteAction.Redirect redirect = action.redirect();
        String scheme = redirect.scheme() == null ? exchange.scheme() : redirect.scheme();
        String path =
                action.path() == null ? exchange.path() : action.path().rewrite(exchange.path());
        boolean without = redirect.dropsQuery() || exchange.query() == null;
        String query = without ? "" : "?" + exchange.query();
        HttpResponse head = Exchange.newHead(redirect.status());
        head.headers()
                .set(
                        HttpHeaderNames.LOCATION,
                        scheme + "://" + authority(exchange, redirect, scheme) + path + query);
        exchange.record().decidedBy(plan.origin());
        exchange.answer(head, "", "direct_response");
    }

    private static String authority(
            Exchange exchange, RouteAction.Redirect redirect, String scheme) {
        String authority = exchange.authority();
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = redirect.host();
        if (host == null) {
            host = hasPort ? authority.substring(0, colon) : authority;
        }
        Integer port = redirect.port();
        if (port == null) {
            // A port that was asked for stays, unless the scheme changes its meaning.
            boolean keep = hasPort && redirect.host() == null && scheme.equals(exchange.scheme());
            return keep ? host + authority.substring(colon) : host;
        }
        boolean usual = port == 0 || port == (scheme.equals("https") ? 443 : 80);
        return usual ? host : host + ":" + port;
    }
}
