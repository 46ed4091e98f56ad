package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one kind, as the API server lists them and says by watches. It is asked again for as
 * long as it does not answer; what it last said stays. Thread-safe.
 */
final class Watched<T extends HasMetadata> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watched.class);
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final String kind;
    private final List<SharedIndexInformer<T>> informers;
    private volatile String complaint = "";

    /**
     * @param kind for people
     * @param informers one for each namespace, or one for all; not started
     */
    Watched(String kind, List<SharedIndexInformer<T>> informers) {
        this.kind = kind;
        this.informers = List.copyOf(informers);
    }

    /**
     * Begins.
     *
     * @param changed runs after each change; must not block
     * @return completes when all are there, or when the API server will not tell them
     */
    CompletableFuture<Void> start(Runnable changed) {
        return CompletableFuture.allOf(
                informers.stream()
                        .map(each -> start(each, changed))
                        .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> start(SharedIndexInformer<T> informer, Runnable changed) {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        informer.addEventHandler(new OnAnyChange<>(changed));
        informer.exceptionHandler(
                (started, wrapped) -> {
                    Throwable failure = cause(wrapped);
                    complain(failure);
                    if (isRefusal(failure)) {
                        answered.complete(null);
                    }
                    return true; // a right may be granted later, a server return
                });
        informer.start().thenRun(() -> answered.complete(null));
        return answered;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof KubernetesClientException refused
                && (refused.getCode() == UNAUTHORIZED || refused.getCode() == FORBIDDEN);
    }

    /** Once for each new reason. */
    private void complain(Throwable failure) {
        String reason = String.valueOf(failure.getMessage());
        if (!reason.equals(complaint)) {
            complaint = reason;
            LOG.warn("Kubernetes {} cannot be read: {}; what was last read holds", kind, reason);
        }
    }

    /** What is known now. */
    List<T> all() {
        return informers.stream().flatMap(each -> each.getStore().list().stream()).toList();
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }

    private record OnAnyChange<T>(Runnable changed) implements ResourceEventHandler<T> {

        @Override
        public void onAdd(T added) {
            changed.run();
        }

        @Override
        public void onUpdate(T before, T after) {
            changed.run();
        }

        @Override
        public void onDelete(T deleted, boolean finalStateUnknown) {
            changed.run();
        }
    }
}
