package io.weft.dataplane.telemetry;

import io.weft.dataplane.telemetry.traffic.OutcomeCounter;
import io.weft.dataplane.telemetry.traffic.RecordedFates;
import io.weft.dataplane.telemetry.traffic.RecordedFates.OpenTap;
import io.weft.model.wire.Tap;
import io.weft.model.wire.TrafficReport.EdgeKey;
import io.weft.model.wire.TrafficReport.Fate;
import io.weft.model.wire.TrafficReport.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Picks the single requests that are told to the control plane: those that were denied or failed,
 * and those that a tap asked for. Costs two comparisons for any other. Thread-safe.
 */
final class Fates {

    /** Never told, whoever asks. */
    private static final Set<String> SECRET =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key");

    private static final int MAX_TEXT = 256;
    private static final int FIRST_ERROR = 400;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final String NO_FLAGS = "-";

    /** The caller went away: nobody's mistake in the mesh. */
    private static final String CALLER_LEFT = "DC";

    private final RecordedFates recorded;

    Fates(RecordedFates recorded) {
        this.recorded = recorded;
    }

    void finished(ExchangeView exchange, Series series) {
        List<OpenTap> taps = recorded.taps();
        boolean calm = exchange.status() < FIRST_ERROR && exchange.decidedBy() == null;
        if (taps.isEmpty() && calm && exchange.responseFlags().equals(NO_FLAGS)) {
            return;
        }
        OutcomeCounter counter = series.traffic();
        EdgeKey edge = series.edge();
        if (counter == null || edge == null) {
            return;
        }
        boolean told = false;
        for (OpenTap tap : taps) {
            if (matches(tap.tap(), exchange, edge) && recorded.admits(tap)) {
                recorded.add(fate(tap.tap().id(), exchange, counter.edge(), tap.tap().headers()));
                told = true;
            }
        }
        if (!told && isWorthTelling(exchange) && recorded.admitsUnasked()) {
            recorded.add(fate("", exchange, counter.edge(), List.of()));
        }
    }

    private static boolean isWorthTelling(ExchangeView exchange) {
        int status = exchange.status();
        String flags = exchange.responseFlags();
        return exchange.decidedBy() != null && status >= FIRST_ERROR
                || status >= FIRST_SERVER_ERROR
                || !flags.equals(NO_FLAGS) && !flags.equals(CALLER_LEFT);
    }

    private static boolean matches(Tap tap, ExchangeView exchange, EdgeKey edge) {
        if (exchange.inbound() ? !tap.inbound() : !tap.outbound()) {
            return false;
        }
        if (!tap.peer().isEmpty() && !isPeer(tap.peer(), edge)) {
            return false;
        }
        if (!exchange.http()) {
            return tap.method().isEmpty()
                    && tap.pathPrefix().isEmpty()
                    && tap.authority().isEmpty();
        }
        return (tap.method().isEmpty() || tap.method().equals(exchange.method()))
                && exchange.originalPath().startsWith(tap.pathPrefix())
                && (tap.authority().isEmpty()
                        || tap.authority().equals(exchange.authority().toLowerCase(Locale.ROOT)));
    }

    private static boolean isPeer(String wanted, EdgeKey edge) {
        Party peer = edge.inbound() ? edge.source() : edge.target();
        return wanted.equals(peer.namespace())
                || wanted.equals(peer.namespace() + "/" + peer.workload());
    }

    private static Fate fate(String tap, ExchangeView exchange, int edge, List<String> headers) {
        boolean http = exchange.http();
        return new Fate(
                tap,
                exchange.startEpochMicros() / 1000,
                edge,
                http ? bounded(exchange.method()) : "",
                http ? bounded(exchange.authority()) : "",
                http ? bounded(withoutQuery(exchange.originalPath())) : "",
                http ? exchange.status() : 0,
                http ? exchange.grpcStatus() : -1,
                exchange.responseFlags(),
                bounded(exchange.responseCodeDetails()),
                bounded(
                        String.valueOf(
                                exchange.upstreamAddress() == null
                                        ? ""
                                        : exchange.upstreamAddress())),
                bounded(exchange.routeName()),
                exchange.decidedBy(),
                exchange.durationNanos() / 1000,
                exchange.bytesReceived(),
                exchange.bytesSent(),
                exchange.attempts(),
                http ? bounded(header(exchange, "x-request-id")) : "",
                exchange.traceId(),
                http ? told(exchange, headers) : List.of());
    }

    private static List<String> told(ExchangeView exchange, List<String> names) {
        List<String> told = new ArrayList<>();
        for (String name : names) {
            if (!SECRET.contains(name)) {
                for (String value : exchange.requestHeaders().getAll(name)) {
                    told.add(name + ": " + bounded(value));
                }
            }
        }
        return told;
    }

    private static String header(ExchangeView exchange, String name) {
        String value = exchange.requestHeaders().get(name);
        return value == null ? "" : value;
    }

    /** Queries carry secrets too often. */
    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private static String bounded(String text) {
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }
}
