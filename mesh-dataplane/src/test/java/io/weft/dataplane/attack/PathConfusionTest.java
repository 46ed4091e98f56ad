package io.weft.dataplane.attack;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.ByteApp;
import io.weft.dataplane.testing.Doors;
import io.weft.dataplane.testing.Doors.Door;
import io.weft.dataplane.testing.H2Wire;
import io.weft.dataplane.testing.Wire;
import io.weft.model.Dialect;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.listener.PathNormalization;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Spellings by which a request would pass for another one before authorisation. Each path is sent
 * in every normalisation mode, once allowed and once denied as what it becomes: what was decided on
 * is byte for byte what the application sees.
 */
class PathConfusionTest {

    private static final Door[] DECIDING = {Door.INBOUND, Door.GATEWAY};

    private static Doors doors;
    private static ByteApp app;

    @BeforeAll
    static void start() throws Exception {
        doors = new Doors();
        app = doors.app;
    }

    @AfterAll
    static void stop() throws Exception {
        doors.close();
    }

    /** What a path becomes, in the order of the modes; null is refused. */
    record Row(String raw, List<String> becomes) {
        @Override
        public String toString() {
            return raw;
        }
    }

    private static Row row(String raw, String none, String base, String merge, String decode) {
        List<String> all = new ArrayList<>();
        all.add(none);
        all.add(base);
        all.add(merge);
        all.add(decode);
        return new Row(raw, all);
    }

    private static Row same(String raw) {
        return row(raw, raw, raw, raw, raw);
    }

    private static Row from(String raw, String base) {
        return row(raw, raw, base, base, base);
    }

    static List<Row> paths() {
        return List.of(
                row("//a", "//a", "//a", "/a", "/a"),
                row("/a//b", "/a//b", "/a//b", "/a/b", "/a/b"),
                from("/a/./b", "/a/b"),
                from("/a/../b", "/b"),
                from("/a/..", "/"),
                from("/../../b", "/b"),
                from("/a/%2e%2e/b", "/b"),
                from("/a/%2E./b", "/b"),
                from("/a/.%2e/b", "/b"),
                from("/%2e/b", "/b"),
                row("/a%2fb", "/a%2fb", "/a%2fb", "/a%2fb", "/a/b"),
                row("/a%2F..%2Fb", "/a%2F..%2Fb", "/a%2F..%2Fb", "/a%2F..%2Fb", "/b"),
                row("/%2e%2e%2fb", "/%2e%2e%2fb", "/..%2fb", "/..%2fb", "/b"),
                row("/a%5cb", "/a%5cb", "/a%5cb", "/a%5cb", "/a/b"),
                row("/a%5C..%5cb", "/a%5C..%5cb", "/a%5C..%5cb", "/a%5C..%5cb", "/b"),
                from("/a\\b", "/a/b"),
                from("/a\\..\\b", "/b"),
                same("/%252e%252e/b"),
                same("/a%252fb"),
                same("/a%255cb"),
                row("/a%00b", null, null, null, null),
                row("/a%00", null, null, null, null),
                same("/a;x=1/b"),
                same("/a/..;/b"),
                same("/a/;/b"),
                row("/a#b", null, null, null, null),
                row("/a#/../b", null, null, null, null),
                same("/%c0%ae%c0%ae/b"),
                same("/%c0%afb"),
                from("/\u00c3\u00a9", "/%C3%A9"),
                same("/%aB%Ab"),
                from("/%61dmin", "/admin"),
                from("/%41dmin", "/Admin"),
                same("/Admin"),
                row("/%zz", "/%zz", null, null, null),
                row("/a%", "/a%", null, null, null),
                row("/a%2", "/a%2", null, null, null),
                row("/%u002e", "/%u002e", null, null, null),
                same("/a/"),
                same("/a*b"));
    }

    private static AuthzProgram only(Effect effect, Match when) {
        return new AuthzProgram(
                List.of(
                        new AuthzLayer(
                                Dialect.ISTIO,
                                List.of(new AuthzStep.Decide(effect, when, false, ORIGIN)),
                                effect == Effect.ALLOW ? Effect.DENY : Effect.ALLOW,
                                ORIGIN)));
    }

    private static Match path(String path) {
        return new Match.Path(new StringMatch.Exact(path));
    }

    @ParameterizedTest
    @EnumSource(PathNormalization.class)
    void whatIsDecidedOnIsWhatIsForwarded(PathNormalization mode) throws Exception {
        for (Row row : paths()) {
            String becomes = row.becomes().get(mode.ordinal());
            String decided = becomes == null ? "/" : becomes;
            for (Effect effect : Effect.values()) {
                doors.publish(Doors.Policy.OPEN.paths(mode).authz(only(effect, path(decided))));
                for (Door door : DECIDING) {
                    boolean passes = becomes != null && effect == Effect.ALLOW;
                    int status = becomes == null ? 400 : passes ? 200 : 403;
                    assertEnds(door, mode + " " + row + " " + effect, row.raw(), status, becomes);
                }
            }
        }
    }

    private static void assertEnds(Door door, String where, String raw, int status, String becomes)
            throws Exception {
        int before = app.requests().size();
        try (Wire wire = doors.wire(door)) {
            wire.send("GET " + raw + "?q=/../%2e%2f HTTP/1.1\r\nHost: server.ns:8080\r\n\r\n");
            assertThat(wire.reply().status()).as("%s, %s", where, door).isEqualTo(status);
        }
        if (status == 200) {
            assertThat(app.requests().getLast())
                    .as("%s, %s", where, door)
                    .startsWith("GET " + becomes + "?q=/../%2e%2f HTTP/1.1\r\n");
        } else {
            assertThat(app.requests()).as("%s, %s", where, door).hasSize(before);
        }
    }

    @ParameterizedTest
    @EnumSource(PathNormalization.class)
    void theOutboundPortForwardsTheSame(PathNormalization mode) throws Exception {
        doors.publish(Doors.Policy.OPEN.paths(mode));
        for (Row row : paths()) {
            String becomes = row.becomes().get(mode.ordinal());
            int status = becomes == null ? 400 : 200;
            assertEnds(Door.OUTBOUND, mode + " " + row, row.raw(), status, becomes);
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void http2DecidesAsHttp1Does(Row row) throws Exception {
        PathNormalization mode = PathNormalization.DECODE_AND_MERGE_SLASHES;
        String becomes = row.becomes().get(mode.ordinal());
        doors.publish(
                Doors.Policy.OPEN
                        .paths(mode)
                        .authz(only(Effect.ALLOW, path(becomes == null ? "/" : becomes))));
        for (Door door : DECIDING) {
            int before = app.requests().size();
            try (H2Wire wire = new H2Wire(doors.port(door))) {
                wire.headers(
                        1,
                        true,
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":path",
                        row.raw(),
                        ":authority",
                        Doors.HOST);
                assertThat(wire.until(s -> s.startsWith("HEADERS")).getLast())
                        .as("%s, %s", row, door)
                        .isEqualTo("HEADERS 1 " + (becomes == null ? 400 : 200));
            }
            assertThat(app.requests()).hasSize(before + (becomes == null ? 0 : 1));
        }
    }

    // --- hosts

    private static int get(Door door, String host, String... headers) throws Exception {
        StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        try (Wire wire = doors.wire(door)) {
            return wire.send(request.append("\r\n").toString()).reply().status();
        }
    }

    @Test
    void aHostIsTheSameInWhateverSpelling() throws Exception {
        String[] spellings = {
            "admin.ns",
            "ADMIN.ns",
            "Admin.Ns",
            "admin.ns:80",
            "admin.ns:8080",
            "admin.ns.",
            "admin.ns.:80",
            "admin.ns:",
            "ADMIN.NS.:8080"
        };
        for (StringMatch match :
                List.of(new StringMatch.Exact("admin.ns"), new StringMatch.Suffix("min.ns"))) {
            doors.publish(Doors.Policy.OPEN.authz(only(Effect.DENY, new Match.Host(match))));
            for (Door door : DECIDING) {
                for (String host : spellings) {
                    assertThat(get(door, host)).as("%s %s", host, door).isIn(403, 400);
                }
                assertThat(get(door, "xadmin.ns.evil")).isEqualTo(200);
            }
        }
    }

    // --- published cases

    @Test
    void cve202139156AFragmentDoesNotHideAPath() throws Exception {
        doors.publish(Doors.Policy.OPEN.authz(only(Effect.DENY, path("/user/profile"))));
        for (Door door : DECIDING) {
            assertEnds(door, "fragment", "/user/profile#section", 400, null);
        }
    }

    @Test
    void cve202139155AndCve202221679AHostInOtherCapitalsOrWithAPortIsDenied() throws Exception {
        Match host = new Match.Host(new StringMatch.Exact("httpbin.foo"));
        doors.publish(Doors.Policy.OPEN.authz(only(Effect.DENY, host)));
        for (Door door : DECIDING) {
            for (String spelt : new String[] {"httpbin.foo", "HTTPBIN.FOO", "hTTpbin.foo:80"}) {
                assertThat(get(door, spelt)).as(spelt).isEqualTo(403);
            }
        }
    }

    @Test
    void cve202131920SlashesInSeveralSpellingsDoNotHideAPath() throws Exception {
        doors.publish(
                Doors.Policy.OPEN
                        .paths(PathNormalization.DECODE_AND_MERGE_SLASHES)
                        .authz(only(Effect.DENY, path("/admin/a"))));
        for (Door door : DECIDING) {
            for (String spelt :
                    new String[] {
                        "//admin/a",
                        "/admin//a",
                        "/admin%2fa",
                        "/admin%2Fa",
                        "/admin%5ca",
                        "/admin\\a",
                        "/admin%5C%2f/a",
                        "/x/..%2fadmin/a"
                    }) {
                assertEnds(door, spelt, spelt, 403, null);
            }
        }
    }

    @Test
    void cve202626308AValueAmongSeveralOfAHeaderIsDenied() throws Exception {
        Match role = new Match.Header("x-role", new StringMatch.Exact("admin"));
        doors.publish(Doors.Policy.OPEN.authz(only(Effect.DENY, role)));
        for (Door door : DECIDING) {
            assertThat(get(door, "a.ns", "x-role: user")).isEqualTo(200);
            assertThat(get(door, "a.ns", "X-ROLE: admin")).isEqualTo(403);
            assertThat(get(door, "a.ns", "x-role: user", "x-role: admin")).isEqualTo(403);
            assertThat(get(door, "a.ns", "x-role: admin", "x-role: user")).isEqualTo(403);
            assertThat(get(door, "a.ns", "x-role: user, admin")).isEqualTo(403);
        }
        doors.publish(Doors.Policy.OPEN.authz(only(Effect.ALLOW, role)));
        for (Door door : DECIDING) {
            assertThat(get(door, "a.ns", "x-role: admin")).isEqualTo(200);
            assertThat(get(door, "a.ns", "x-role: admin", "x-role: user")).isEqualTo(403);
        }
    }

    @Test
    void cve202673553ParametersOfAPathAreDecidedOnAsTheyAreForwarded() throws Exception {
        doors.publish(Doors.Policy.OPEN.authz(only(Effect.ALLOW, path("/public"))));
        for (Door door : DECIDING) {
            assertEnds(door, "parameters", "/public;x=1", 403, null);
            assertEnds(door, "parameters", "/public;/../admin", 403, null);
            assertEnds(door, "parameters", "/admin;/../public", 200, "/public");
        }
    }
}
