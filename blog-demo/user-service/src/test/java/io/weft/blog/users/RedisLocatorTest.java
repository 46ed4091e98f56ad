package io.weft.blog.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

class RedisLocatorTest {

    @Test
    void withoutAnUrlAnEmbeddedRedisLivesAsLongAsTheContext() throws Exception {
        URI url;
        try (var context = start()) {
            url = URI.create(context.getEnvironment().getRequiredProperty("spring.data.redis.url"));
            assertThat(context.getBean(UserStore.class)).isInstanceOf(RedisUserStore.class);
            assertThat(context.getBean(UserDirectory.class).find("admin")).isPresent();
        }
        assertThatThrownBy(
                        () -> new Socket(InetAddress.getLoopbackAddress(), url.getPort()).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void usersCanBeKeptInMemoryWhereNoRedisRuns() {
        try (var context =
                start("--" + RedisLocator.IN_MEMORY + "=true", "--REDIS_URL=redis://127.0.0.1:1")) {
            assertThat(context.getBean(UserStore.class)).isInstanceOf(InMemoryUserStore.class);
            assertThat(context.getBean(UserDirectory.class).findAll())
                    .extracting(User::id)
                    .containsExactly("ada", "admin", "editor", "lin-mei", "reader", "tomas");
        }
    }

    private static ConfigurableApplicationContext start(String... more) {
        String[] args = new String[more.length + 2];
        args[0] = "--server.port=0";
        args[1] = "--server.address=127.0.0.1";
        System.arraycopy(more, 0, args, 2, more.length);
        return UserServiceApplication.start(args);
    }
}
