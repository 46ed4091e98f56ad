package io.weft.compiler;

import io.weft.model.resource.Certificate;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.TrustBundle;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Contents that are not policy. They are asked for during a build, so they must answer at once.
 *
 * @param trustBundles the roots of every trust domain that is trusted
 * @param jwks a key set by its URI; null while it was never fetched: then no token verifies
 * @param certificates a gateway's credential by {@code namespace/name}; null leaves it to the
 *     Secrets of the configuration
 */
public record ConfigProviders(
        Supplier<List<TrustBundle>> trustBundles,
        Function<String, @Nullable JwksSet> jwks,
        Function<String, @Nullable Certificate> certificates) {

    /** Provides nothing. */
    public static final ConfigProviders NONE =
            new ConfigProviders(List::of, name -> null, name -> null);
}
