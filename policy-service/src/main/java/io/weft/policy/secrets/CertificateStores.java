package io.weft.policy.secrets;

import io.weft.model.resource.Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Several stores; the first that knows a name answers. */
public final class CertificateStores implements CertificateStore {

    private final List<CertificateStore> stores;

    public CertificateStores(List<CertificateStore> stores) {
        this.stores = List.copyOf(stores);
    }

    @Override
    public @Nullable Certificate find(String name) {
        return stores.stream()
                .map(store -> store.find(name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void onChange(Runnable listener) {
        stores.forEach(store -> store.onChange(listener));
    }

    @Override
    public void close() {
        stores.forEach(CertificateStore::close);
    }
}
