package io.weft.policy.control;

import io.weft.compiler.ConfigProviders;
import io.weft.model.resource.TrustBundle;
import io.weft.policy.jwks.JwksKeeper;
import io.weft.policy.secrets.CertificateStore;
import java.util.List;
import java.util.function.Supplier;

/**
 * What sidecars get beside policy.
 *
 * @param trustBundles the roots that hold now
 */
public record Contents(
        Supplier<List<TrustBundle>> trustBundles,
        JwksKeeper keySets,
        CertificateStore certificates) {

    ConfigProviders providers() {
        return new ConfigProviders(trustBundles, keySets::find, certificates::find);
    }
}
