package io.weft.dataplane.admin;

/**
 * Where and what to offer.
 *
 * @param port 0 for any that is free
 * @param quitAllowed whether {@code POST /quitquitquit} ends the process
 */
public record AdminSettings(String host, int port, AdminSurface surface, boolean quitAllowed) {

    public AdminSettings {
        boolean loopback =
                host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
        if (surface == AdminSurface.ADMIN && !loopback) {
            throw new IllegalArgumentException(
                    "admin host: '" + host + "' (expected: loopback, it asks for no credentials)");
        }
    }

    /** Administration on loopback, without {@code /quitquitquit}. */
    public static AdminSettings admin(int port) {
        return new AdminSettings("127.0.0.1", port, AdminSurface.ADMIN, false);
    }

    public static AdminSettings health(String host, int port) {
        return new AdminSettings(host, port, AdminSurface.HEALTH, false);
    }

    public static AdminSettings metrics(String host, int port) {
        return new AdminSettings(host, port, AdminSurface.METRICS, false);
    }
}
