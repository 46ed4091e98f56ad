package io.weft.engine;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Reads {@code x-forwarded-for} as a sidecar does, which trusts the proxy before it. */
public final class ForwardedFor {

    private ForwardedFor() {}

    /**
     * The address that the proxy before this one has appended, as {@code remote.ip} of policies.
     *
     * @param header all values joined by commas, null for none
     * @return null when there is none, or it is not an address
     */
    public static byte @Nullable [] last(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String address = header.substring(header.lastIndexOf(',') + 1).strip();
        try {
            return InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
