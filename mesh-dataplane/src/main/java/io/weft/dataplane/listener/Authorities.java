package io.weft.dataplane.listener;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Reads authorities and keeps the last ones read: an application calls few. Thread-safe; a loser of
 * a race reads again.
 */
final class Authorities {

    private static final int DEFAULT_PORT = 80;
    private static final int SLOTS = 64;

    private final AtomicReferenceArray<Read> slots = new AtomicReferenceArray<>(SLOTS);

    private record Read(String text, HostPort result) {}

    HostPort parse(String authority) {
        int hash = authority.hashCode();
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        Read last = slots.get(slot);
        if (last != null && last.text().equals(authority)) {
            return last.result();
        }
        HostPort result = HostPort.parse(authority, DEFAULT_PORT);
        slots.set(slot, new Read(authority, result));
        return result;
    }
}
