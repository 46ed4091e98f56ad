package io.weft.blog.users;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.data.redis.core.HashOperations;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Users in one Redis hash, the id as field and JSON as value, so that {@code redis-cli hgetall
 * blog:users} reads well.
 */
final class RedisUserStore implements UserStore {

    private static final String KEY = "blog:users";

    private final HashOperations<String, String, String> hash;
    private final JsonMapper json;

    RedisUserStore(StringRedisTemplate redis, JsonMapper json) {
        this.hash = redis.opsForHash();
        this.json = json;
    }

    @Override
    public Optional<User> find(String id) {
        return Optional.ofNullable(hash.get(KEY, id)).map(this::read);
    }

    @Override
    public List<User> findAll() {
        return hash.values(KEY).stream()
                .map(this::read)
                .sorted(Comparator.comparing(User::id))
                .toList();
    }

    @Override
    public void save(User user) {
        hash.put(KEY, user.id(), json.writeValueAsString(user));
    }

    @Override
    public boolean saveIfAbsent(User user) {
        return Boolean.TRUE.equals(hash.putIfAbsent(KEY, user.id(), json.writeValueAsString(user)));
    }

    private User read(String value) {
        return json.readValue(value, User.class);
    }
}
