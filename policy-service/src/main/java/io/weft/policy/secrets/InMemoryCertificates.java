package io.weft.policy.secrets;

import io.weft.model.resource.Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Credentials that are put here by call. */
public final class InMemoryCertificates implements CertificateStore {

    private final Map<String, Certificate> certificates = new ConcurrentHashMap<>();
    private volatile Runnable changed = () -> {};

    /** Adds one, or replaces the one of its name. */
    public void put(Certificate certificate) {
        if (!certificate.equals(certificates.put(certificate.name(), certificate))) {
            changed.run();
        }
    }

    @Override
    public @Nullable Certificate find(String name) {
        return certificates.get(name);
    }

    @Override
    public void onChange(Runnable listener) {
        changed = listener;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
