package io.weft.blog.users;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Users of one process, forgotten at its end. */
final class InMemoryUserStore implements UserStore {

    private final ConcurrentSkipListMap<String, User> users = new ConcurrentSkipListMap<>();

    @Override
    public Optional<User> find(String id) {
        return Optional.ofNullable(users.get(id));
    }

    @Override
    public List<User> findAll() {
        return List.copyOf(users.values());
    }

    @Override
    public void save(User user) {
        users.put(user.id(), user);
    }

    @Override
    public boolean saveIfAbsent(User user) {
        return users.putIfAbsent(user.id(), user) == null;
    }
}
