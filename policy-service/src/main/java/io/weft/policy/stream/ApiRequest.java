package io.weft.policy.stream;

import org.jspecify.annotations.Nullable;

/**
 * A request, whole in memory; its size was limited before.
 *
 * @param path without query, as sent
 * @param peer null where no client certificate is asked for
 * @param remote address, for logs
 */
record ApiRequest(String method, String path, byte[] body, @Nullable Peer peer, String remote) {}
