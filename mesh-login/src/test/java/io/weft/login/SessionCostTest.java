package io.weft.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What each request of somebody who is logged in costs: cookies read, the session's opened. {@code
 * -Dcost.seconds=10} goes on for longer and tells the processor time.
 */
class SessionCostTest {

    private static final int FEW = 200;

    @Test
    void aSessionIsOpenedAgainForEveryRequest() {
        CookieKeys keys = CookieKeys.random();
        String token = "eyJhbGciOiJSUzI1NiJ9.".repeat(40);
        Sealed.Session session =
                new Sealed.Session(
                        Sealed.Session.USE,
                        "blog",
                        "blog.example.com",
                        Long.MAX_VALUE,
                        "ann",
                        token,
                        Long.MAX_VALUE,
                        "a refresh token of usual length, more or less",
                        token);
        String name = "__Host-weft-blog";
        StringBuilder header = new StringBuilder("theme=dark");
        for (String cookie : Jar.set(name, session.seal(keys), 60, true)) {
            header.append("; ").append(cookie, 0, cookie.indexOf(';'));
        }
        String cookies = header.toString();
        assertThat(open(keys, cookies, name)).isEqualTo(session);

        long seconds = Long.getLong("cost.seconds", 0);
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        long half = System.nanoTime() + Duration.ofSeconds(seconds).dividedBy(2).toNanos();
        long opened = 0;
        long from = processorTime();
        boolean warm = false;
        do {
            assertThat(open(keys, cookies, name)).isNotNull();
            opened++;
            if (!warm && System.nanoTime() > half) {
                warm = true;
                opened = 0;
                from = processorTime();
            }
        } while (opened < FEW || System.nanoTime() < end);
        System.out.printf(
                "a session of %d characters: %.1f us of processor time a request%n",
                cookies.length(), (processorTime() - from) / 1000.0 / opened);
        assertThat(Jar.of(cookies, name).others()).isEqualTo("theme=dark");
    }

    private static Sealed.Session open(CookieKeys keys, String cookies, String name) {
        String sealed = Jar.of(cookies, name).get(name);
        return Sealed.session(keys, String.valueOf(sealed), "blog", "blog.example.com", 0);
    }

    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
