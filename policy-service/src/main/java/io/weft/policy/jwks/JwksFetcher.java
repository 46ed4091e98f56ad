package io.weft.policy.jwks;

import java.net.URI;
import java.util.concurrent.CompletionStage;

/** Fetches a key set once. Thread-safe, never blocks. */
@FunctionalInterface
public interface JwksFetcher {

    /** The document as served; fails when it cannot be had. */
    CompletionStage<String> fetch(URI uri);
}
