package io.weft.blog.users;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The users of the blog, and who wants to hear of changes made through this instance. */
final class UserDirectory {

    private final UserStore store;
    private final CopyOnWriteArrayList<Consumer<User>> listeners = new CopyOnWriteArrayList<>();

    UserDirectory(UserStore store) {
        this.store = store;
    }

    Optional<User> find(String id) {
        return store.find(id);
    }

    List<User> findAll() {
        return store.findAll();
    }

    void save(User user) {
        store.save(user);
        listeners.forEach(listener -> listener.accept(user));
    }

    void seed(List<User> users) {
        users.forEach(store::saveIfAbsent);
    }

    /**
     * Calls the listener, on the thread that saves, for each user saved until the returned action
     * is run.
     */
    Runnable subscribe(Consumer<User> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
