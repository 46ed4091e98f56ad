package io.weft.engine.balance;

import io.weft.model.cluster.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a retry wants to be different.
 *
 * @param avoid endpoints tried before; they are used again only where there is no other (consistent
 *     hashing does not avoid them)
 * @param leaveLocality whether priorities tried before are left where another has endpoints
 * @param hashKey what is hashed instead of the request's own key, for a cookie that is being set
 */
public record PickOptions(List<Endpoint> avoid, boolean leaveLocality, @Nullable String hashKey) {

    /** A first try. */
    public static final PickOptions FIRST = new PickOptions(List.of(), false, null);

    public PickOptions {
        avoid = List.copyOf(avoid);
    }

    /** A first try with a hash key. */
    public static PickOptions hashing(String key) {
        return new PickOptions(List.of(), false, key);
    }
}
