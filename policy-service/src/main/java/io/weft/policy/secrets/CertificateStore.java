package io.weft.policy.secrets;

import io.weft.model.resource.Certificate;
import org.jspecify.annotations.Nullable;

/** Where credentials come from. Thread-safe. */
public interface CertificateStore extends AutoCloseable {

    /** A credential by {@code namespace/name}; answers at once. */
    @Nullable Certificate find(String name);

    /** Who is told when a credential has changed; called once, before anything is asked. */
    void onChange(Runnable listener);

    @Override
    void close();
}
