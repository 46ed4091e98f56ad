package io.weft.dataplane.telemetry;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Operators that tell the ends of connections, whole or in parts. Addresses need no escaping. */
final class AddressOperators {

    private static final Map<String, Function<ExchangeView, @Nullable SocketAddress>> ADDRESSES =
            Map.of(
                    "UPSTREAM_REMOTE", ExchangeView::upstreamAddress,
                    "UPSTREAM_LOCAL", ExchangeView::upstreamLocal,
                    "DOWNSTREAM_REMOTE", ExchangeView::downstreamRemote,
                    "DOWNSTREAM_DIRECT_REMOTE", ExchangeView::downstreamRemote,
                    "DOWNSTREAM_LOCAL", ExchangeView::downstreamLocal);

    private AddressOperators() {}

    /** {@code UPSTREAM_HOST}. */
    static LogValue upstream() {
        return addressText(ExchangeView::upstreamAddress);
    }

    /** Null when there is no such operator. */
    static @Nullable LogValue find(String name) {
        for (Map.Entry<String, Function<ExchangeView, @Nullable SocketAddress>> entry :
                ADDRESSES.entrySet()) {
            Function<ExchangeView, @Nullable SocketAddress> from = entry.getValue();
            if (name.equals(entry.getKey() + "_ADDRESS")) {
                return addressText(from);
            }
            if (name.equals(entry.getKey() + "_ADDRESS_WITHOUT_PORT")) {
                return e ->
                        from.apply(e) instanceof InetSocketAddress a && a.getAddress() != null
                                ? a.getAddress().getHostAddress()
                                : null;
            }
            if (name.equals(entry.getKey() + "_PORT")) {
                return e -> from.apply(e) instanceof InetSocketAddress a ? a.getPort() : null;
            }
        }
        return null;
    }

    private static LogValue addressText(Function<ExchangeView, @Nullable SocketAddress> from) {
        AddressTexts texts = new AddressTexts();
        return new LogValue.Safe(e -> texts.of(from.apply(e)));
    }
}
