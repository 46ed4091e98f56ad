package io.weft.dataplane.telemetry;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * {@code host:port} of addresses, kept for those that were asked for last: a connection has the
 * same ones for all its requests. Thread-safe; a loser of a race makes its text again.
 */
final class AddressTexts {

    private static final int SLOTS = 1024;

    private final AtomicReferenceArray<Made> slots = new AtomicReferenceArray<>(SLOTS);

    private record Made(SocketAddress address, String text) {}

    @Nullable String of(@Nullable SocketAddress address) {
        if (address == null) {
            return null;
        }
        int slot = System.identityHashCode(address) & SLOTS - 1;
        Made last = slots.get(slot);
        if (last != null && last.address() == address) {
            return last.text();
        }
        String text = Objects.requireNonNull(text(address));
        slots.set(slot, new Made(address, text));
        return text;
    }

    static @Nullable String text(@Nullable SocketAddress address) {
        if (address == null) {
            return null;
        }
        if (!(address instanceof InetSocketAddress inet)) {
            return address.toString();
        }
        InetAddress ip = inet.getAddress();
        if (ip == null) {
            return inet.getHostString() + ":" + inet.getPort();
        }
        String host = ip.getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
    }
}
