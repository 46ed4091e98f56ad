package io.weft.blog.users;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The callers of Watch that are still there, each with the action that ends its subscription. */
final class Watchers implements AutoCloseable {

    private final Map<Watcher, Runnable> active = new ConcurrentHashMap<>();

    void add(Watcher watcher, Runnable unsubscribe) {
        active.put(watcher, unsubscribe);
        watcher.onLeave(() -> remove(watcher));
    }

    private void remove(Watcher watcher) {
        Runnable unsubscribe = active.remove(watcher);
        if (unsubscribe != null) {
            unsubscribe.run();
        }
    }

    @Override
    public void close() {
        active.keySet()
                .forEach(watcher -> {
                    remove(watcher);
                    watcher.stop();
                });
    }
}
