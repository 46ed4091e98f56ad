package io.weft.gateway.login;

import static io.weft.gateway.login.Browser.location;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.oidc.TestProvider;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** People and attackers at a running gateway with a Spring Authorization Server behind it. */
@Timeout(120)
class GatewayLoginTest {

    @TempDir static Path dir;

    private static TestProvider provider;
    private static RunningGateway gateway;
    private final Browser browser = new Browser();

    @BeforeAll
    static void start() throws Exception {
        provider = new TestProvider();
        try (Browser plain = new Browser()) {
            String jwks = plain.api(provider.issuer() + "/oauth2/jwks").body();
            gateway =
                    new RunningGateway(
                            dir,
                            provider.issuer(),
                            jwks,
                            1,
                            "--weft.gateway.logins.blog.issuer=" + provider.issuer(),
                            "--weft.gateway.logins.blog.client-id=" + TestProvider.CLIENT,
                            "--weft.gateway.logins.blog.client-secret=" + TestProvider.SECRET,
                            "--weft.gateway.logins.blog.hosts=127.0.0.1,*.blog.example.com",
                            "--weft.gateway.logins.blog.public-paths=/public",
                            "--weft.gateway.logins.blog.allow-plain-http=true");
        }
        String callback = gateway.uri("/.weft/callback");
        provider.knobs().redirectUris.set(List.of(callback, callback.replace("http:", "https:")));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @BeforeEach
    void forget() {
        gateway.seen.clear();
        provider.knobs().accessLife.set(Duration.ofMinutes(5));
    }

    @AfterEach
    void end() {
        browser.close();
    }

    private void logIn(Browser with, String name) throws Exception {
        String back = with.logIn(with.get(gateway.uri("/posts?page=2")), name);
        HttpResponse<String> in = with.get(back);
        assertThat(in.statusCode()).isEqualTo(303);
        assertThat(location(in)).isEqualTo(gateway.uri("/posts?page=2"));
    }

    private Map<String, String> cookies(Browser of) {
        return of.cookies.get(gateway.port());
    }

    private static String query(String uri, String name) {
        for (String pair : URI.create(uri).getRawQuery().split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return "";
    }

    // --- people

    @Test
    void aPersonLogsInAndComesBackToThePageAndPoliciesSeeTheClaims() throws Exception {
        HttpResponse<String> first = browser.get(gateway.uri("/posts?page=2"));
        assertThat(first.statusCode()).isEqualTo(302);
        assertThat(location(first)).startsWith(provider.issuer() + "/oauth2/authorize?");
        assertThat(query(location(first), "code_challenge_method")).isEqualTo("S256");
        assertThat(query(location(first), "nonce")).hasSizeGreaterThan(40);
        assertThat(gateway.seen).isEmpty();

        logIn(browser, "ada");
        HttpResponse<String> page = browser.get(gateway.uri("/admin"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(gateway.last().get("authorization")).startsWith("Bearer ey");
        assertThat(gateway.last()).doesNotContainKey("cookie");
        try (Browser other = new Browser()) {
            logIn(other, "bob");
            assertThat(other.get(gateway.uri("/posts")).statusCode()).isEqualTo(200);
            assertThat(other.get(gateway.uri("/admin")).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void cookiesOfTheApplicationGoOnAndTokensOfTheCallersOwnDoNot() throws Exception {
        logIn(browser, "ada");
        cookies(browser).put("theme", "dark");
        browser.get(gateway.uri("/posts"), "authorization", "Bearer my.own.token");
        assertThat(gateway.last()).containsEntry("cookie", "theme=dark");
        assertThat(gateway.last().get("authorization")).startsWith("Bearer ey");
    }

    @Test
    void whoeverIsNoBrowserGets401AndNoRedirect() throws Exception {
        HttpResponse<String> api = browser.api(gateway.uri("/posts"));
        assertThat(api.statusCode()).isEqualTo(401);
        assertThat(api.headers().firstValue("www-authenticate")).contains("Bearer");
        assertThat(api.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(browser.post(gateway.uri("/posts"), Map.of()).statusCode()).isEqualTo(401);
        assertThat(browser.get(gateway.uri("/posts"), "sec-fetch-mode", "cors").statusCode())
                .isEqualTo(401);
        assertThat(
                        browser.api(gateway.uri("/posts"), "authorization", "Bearer some.own.one")
                                .statusCode())
                .isEqualTo(401);
        assertThat(browser.setCookies).isEmpty();
        assertThat(gateway.seen).isEmpty();
    }

    @Test
    void onlyConfiguredHostsAndPathsAskForALogin() throws Exception {
        assertThat(browser.get(gateway.uri("/public/style.css")).statusCode()).isEqualTo(200);
        for (String path :
                List.of(
                        "/public/../posts",
                        "/public/%2e%2e/posts",
                        "/public%2f..%2fposts",
                        "/public;/x")) {
            assertThat(Raw.status(gateway.port(), "127.0.0.1", path)).as(path).isIn(400, 302, 401);
        }
        assertThat(Raw.status(gateway.port(), "other.example", "/posts")).isEqualTo(200);
        assertThat(Raw.status(gateway.port(), "a.blog.example.com", "/posts")).isEqualTo(302);
        assertThat(Raw.status(gateway.port(), "blog.example.com.evil.example", "/posts"))
                .isEqualTo(200);
        logIn(browser, "ada");
        browser.get(gateway.uri("/public/me"));
        assertThat(gateway.last().get("authorization")).startsWith("Bearer ey");
    }

    @Test
    void cookiesAreOutOfReachOfScriptsOtherSitesAndSiblingDomains() throws Exception {
        HttpResponse<String> begun =
                browser.get(gateway.uri("/posts"), "x-forwarded-proto", "https");
        assertThat(begun.headers().firstValue("set-cookie").orElseThrow())
                .startsWith("__Host-weft-blog-begun-")
                .contains("; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Lax")
                .doesNotContain("Domain");
        assertThat(begun.headers().firstValue("cache-control")).contains("no-store");
        String back = browser.logIn(begun, "ada").replace("https:", "http:");
        HttpResponse<String> in = browser.get(back, "x-forwarded-proto", "https");
        assertThat(in.statusCode()).isEqualTo(303);
        assertThat(in.headers().allValues("set-cookie"))
                .allSatisfy(cookie ->
                        assertThat(cookie)
                                .startsWith("__Host-weft-blog")
                                .contains("; Secure", "; HttpOnly", "; SameSite=Lax"));
        assertThat(String.join("\n", browser.setCookies))
                .doesNotContain("ada", TestProvider.SECRET);
        assertThat(Files.getPosixFilePermissions(dir.resolve("state/login-cookie.keys")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aTokenIsRefreshedOnceForAllRequestsThatComeWithTheOldCookie() throws Exception {
        provider.knobs().accessLife.set(Duration.ofSeconds(20));
        logIn(browser, "ada");
        provider.knobs().accessLife.set(Duration.ofMinutes(5));
        Map<String, String> old = Map.copyOf(cookies(browser));
        int before = provider.knobs().tokenRequests.get();
        HttpResponse<String> page = browser.get(gateway.uri("/posts"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(cookies(browser)).isNotEqualTo(old);
        String fresh = gateway.last().get("authorization");
        for (int i = 0; i < 3; i++) {
            cookies(browser).putAll(old);
            assertThat(browser.get(gateway.uri("/posts")).statusCode()).isEqualTo(200);
            assertThat(gateway.last()).containsEntry("authorization", fresh);
        }
        assertThat(provider.knobs().tokenRequests.get() - before).isEqualTo(1);
    }

    @Test
    void aLogoutEndsTheSessionHereAndAtTheProvider() throws Exception {
        logIn(browser, "ada");
        HttpResponse<String> foreign =
                browser.post(
                        gateway.uri("/.weft/logout"), Map.of(), "origin", "https://evil.example");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(
                        browser.get(gateway.uri("/.weft/logout"), "sec-fetch-site", "cross-site")
                                .statusCode())
                .isEqualTo(403);
        assertThat(browser.get(gateway.uri("/posts")).statusCode()).isEqualTo(200);

        HttpResponse<String> out =
                browser.post(
                        gateway.uri("/.weft/logout"),
                        Map.of(),
                        "origin",
                        "http://127.0.0.1:" + gateway.port());
        assertThat(out.statusCode()).isEqualTo(303);
        assertThat(location(out)).startsWith(provider.issuer() + "/connect/logout?id_token_hint=");
        assertThat(cookies(browser)).isEmpty();
        HttpResponse<String> there = browser.get(location(out));
        assertThat(location(there)).isEqualTo(gateway.uri("/"));
        assertThat(location(browser.get(location(browser.get(gateway.uri("/posts"))))))
                .contains("/login");
    }

    @Test
    void aGatewayFilterIsNotAskedBeforeThePolicy() throws Exception {
        logIn(browser, "ada");
        HttpResponse<String> allowed = browser.get(gateway.uri("/admin/filtered"));
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().firstValue("x-filtered")).contains("yes");
        assertThat(gateway.last()).containsEntry(":path", "/open");
        gateway.seen.clear();
        try (Browser other = new Browser()) {
            logIn(other, "bob");
            HttpResponse<String> denied = other.get(gateway.uri("/admin/filtered"));
            assertThat(denied.statusCode()).isEqualTo(403);
            assertThat(denied.headers().firstValue("x-filtered")).isEmpty();
        }
        assertThat(gateway.seen).isEmpty();
    }

    // --- attackers

    @Test
    void aStateThatWasNotBegunInThisBrowserIsRefusedAndTheProviderIsNotAsked() throws Exception {
        String back = browser.logIn(browser.get(gateway.uri("/posts")), "ada");
        int before = provider.knobs().tokenRequests.get();
        try (Browser victim = new Browser()) {
            // Login CSRF: the attacker's code in the victim's browser.
            assertThat(victim.get(back).statusCode()).isEqualTo(400);
            victim.get(gateway.uri("/posts"));
            assertThat(victim.get(back).statusCode()).isEqualTo(400);
            assertThat(victim.get(gateway.uri("/.weft/callback?code=x")).statusCode())
                    .isEqualTo(400);
            assertThat(victim.get(back + "&state=other").statusCode()).isEqualTo(400);
        }
        assertThat(provider.knobs().tokenRequests.get()).isEqualTo(before);
        assertThat(browser.get(back).statusCode()).isEqualTo(303);
    }

    @Test
    void aStateIsGoodForOneLoginOnly() throws Exception {
        HttpResponse<String> begun = browser.get(gateway.uri("/posts"));
        Map<String, String> kept = Map.copyOf(cookies(browser));
        String back = browser.logIn(begun, "ada");
        assertThat(browser.get(back).statusCode()).isEqualTo(303);
        assertThat(browser.get(back).statusCode()).as("its cookie is gone").isEqualTo(400);
        cookies(browser).clear();
        cookies(browser).putAll(kept);
        assertThat(browser.get(back).statusCode()).as("the code is used up").isEqualTo(401);
        assertThat(cookies(browser)).isEmpty();
    }

    @Test
    void aCodeOfAnotherLoginIsRefusedByItsVerifier() throws Exception {
        String attackers;
        try (Browser attacker = new Browser()) {
            attackers = query(attacker.logIn(attacker.get(gateway.uri("/posts")), "bob"), "code");
        }
        String mine = browser.logIn(browser.get(gateway.uri("/posts")), "ada");
        String mixed = mine.replace(query(mine, "code"), attackers);
        assertThat(browser.get(mixed).statusCode()).isEqualTo(401);
        assertThat(browser.get(gateway.uri("/posts")).statusCode()).isEqualTo(302);
    }

    @Test
    void anotherIssuersAnswerIsRefused() throws Exception {
        String back = browser.logIn(browser.get(gateway.uri("/posts")), "ada");
        assertThat(browser.get(back + "&iss=https%3A%2F%2Fevil.example").statusCode())
                .isEqualTo(401);
    }

    @Test
    void forgedAndForeignCookiesAreNoSession() throws Exception {
        logIn(browser, "ada");
        String name = "weft-blog";
        String good = cookies(browser).get(name);
        int middle = good.length() / 2;
        String flipped =
                good.substring(0, middle)
                        + (good.charAt(middle) == 'A' ? 'B' : 'A')
                        + good.substring(middle + 1);
        String begun;
        try (Browser other = new Browser()) {
            other.get(gateway.uri("/posts"));
            begun = cookies(other).values().iterator().next();
        }
        for (String forged :
                List.of(
                        flipped,
                        "",
                        "1.",
                        "9." + good.substring(2),
                        "1.eyJhbGciOiJub25lIn0..",
                        "1.eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0....",
                        "{\"login\":\"blog\"}",
                        begun)) {
            cookies(browser).clear();
            cookies(browser).put(name, forged);
            gateway.seen.clear();
            assertThat(browser.get(gateway.uri("/posts")).statusCode()).as(forged).isEqualTo(302);
            assertThat(gateway.seen).isEmpty();
        }
    }

    @Test
    void aSessionIsGoodAtItsOwnHostOnly() throws Exception {
        logIn(browser, "ada");
        String cookie =
                String.join(
                        "; ",
                        cookies(browser).entrySet().stream()
                                .map(e -> e.getKey() + "=" + e.getValue())
                                .toList());
        assertThat(Raw.status(gateway.port(), "127.0.0.1", "/posts", "Cookie: " + cookie))
                .isEqualTo(200);
        assertThat(Raw.status(gateway.port(), "a.blog.example.com", "/posts", "Cookie: " + cookie))
                .isEqualTo(302);
    }

    @Test
    void nobodyIsSentToAnotherSiteBehindALogin() throws Exception {
        for (String path :
                List.of("//evil.example/x", "/\\evil.example", "/%5cevil.example", "/?to=//evil")) {
            String begun = Raw.answer(gateway.port(), "127.0.0.1:" + gateway.port(), path);
            if (begun.startsWith("HTTP/1.1 400")) {
                continue;
            }
            try (Browser one = new Browser()) {
                one.cookies
                        .computeIfAbsent(gateway.port(), none -> new java.util.LinkedHashMap<>())
                        .putAll(Raw.cookies(begun));
                HttpResponse<String> asked = one.get(Raw.header(begun, "location"));
                HttpResponse<String> in =
                        one.post(location(asked), Map.of("username", "ada", "password", "ada"));
                HttpResponse<String> back = one.get(location(one.get(location(in))));
                assertThat(back.statusCode()).as(path).isEqualTo(303);
                assertThat(back.headers().firstValue("location").orElseThrow())
                        .as(path)
                        .startsWith("http://127.0.0.1:" + gateway.port() + "/");
            }
        }
    }

    @Test
    void noAnswerRepeatsWhatACallerSent() throws Exception {
        String script = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
        for (String query :
                List.of("?state=" + script, "?error=" + script, "?error_description=" + script)) {
            HttpResponse<String> answer = browser.get(gateway.uri("/.weft/callback" + query));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).doesNotContain("alert");
            assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
                    .contains("default-src 'none'");
        }
    }

    @Test
    void nothingThatTheGatewayShowsHoldsASecret() throws Exception {
        logIn(browser, "ada");
        String key = Files.readString(dir.resolve("state/login-cookie.keys")).strip();
        String base =
                "http://127.0.0.1:"
                        + gateway.context().getEnvironment().getProperty("local.management.port");
        Deque<String> links = new ArrayDeque<>(List.of(base + "/actuator"));
        for (String part :
                List.of(
                        "listeners",
                        "routes",
                        "clusters",
                        "endpoints",
                        "certificates",
                        "registration")) {
            links.add(base + "/actuator/mesh/" + part);
        }
        for (String not : List.of("env", "configprops", "heapdump", "threaddump", "beans")) {
            links.add(base + "/actuator/" + not);
        }
        Set<String> seen = new LinkedHashSet<>();
        while (!links.isEmpty()) {
            String next = links.poll();
            if (!seen.add(next)) {
                continue;
            }
            HttpResponse<String> answer = browser.api(next);
            assertThat(answer.headers().map() + answer.body())
                    .as(next)
                    .doesNotContain(
                            TestProvider.SECRET, key, RunningGateway.PLANTED_KEY, "PRIVATE KEY");
            Matcher href = Pattern.compile("\"href\":\"([^\"]+)\"").matcher(answer.body());
            while (href.find()) {
                links.add(
                        URI.create(base)
                                .resolve(href.group(1).replaceAll("\\{[^}]*}", "x"))
                                .toString());
            }
        }
        assertThat(seen).hasSizeGreaterThan(15);
    }

    @Test
    void aManyTimesBegunLoginLeavesNoHeapOfCookies() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(browser.get(gateway.uri("/posts")).statusCode()).isEqualTo(302);
        }
        assertThat(cookies(browser)).hasSizeLessThanOrEqualTo(6);
    }
}
