package io.weft.blog.users;

import java.util.List;
import java.util.Optional;

/**
 * Where users are kept. Safe for use by many threads; failures of the storage are thrown as they
 * come.
 */
interface UserStore {

    Optional<User> find(String id);

    /** All users in the order of their ids. */
    List<User> findAll();

    void save(User user);

    /** Stores the user unless the id is taken, and says whether it did. */
    boolean saveIfAbsent(User user);
}
