package io.weft.model.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import io.weft.model.route.Filter;
import io.weft.model.route.HeaderOp;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeshCodecTest {

    private static final Origin ORIGIN =
            new Origin(Dialect.ISTIO, "VirtualService", "blog", "routes", "mesh/a.yaml", 12);

    private final MeshCodec codec = new MeshCodec();

    private static RouteTable table() {
        Match match =
                Match.allOf(
                        List.of(
                                new Match.Path(new StringMatch.Prefix("/api/v1/")),
                                new Match.Not(
                                        new Match.Header("canary", new StringMatch.Present()))));
        WeightedDestination destination =
                new WeightedDestination(
                        90, new Destination.ToCluster("a:80/v1"), List.of(), ORIGIN);
        RetryPolicy retry =
                new RetryPolicy(
                        3,
                        Duration.ofSeconds(10),
                        Set.of(RetryOn.CONNECT_FAILURE, RetryOn.GATEWAY_ERROR),
                        Set.of(503, 429),
                        Duration.ofMillis(25),
                        Duration.ofMillis(250),
                        null,
                        true,
                        false,
                        ORIGIN);
        Route route =
                new Route(
                        "api",
                        match,
                        new RouteAction.Forward(List.of(destination)),
                        List.of(
                                new Filter.Headers(
                                        List.of(new HeaderOp.Set("x-a", "1")), List.of(), ORIGIN)),
                        new Timeouts(Duration.ofSeconds(30), null),
                        retry,
                        ORIGIN);
        return new RouteTable(
                "a:80",
                AppProtocol.HTTP,
                List.of(new VirtualHost("a", List.of("*"), List.of(route), ORIGIN)),
                List.of());
    }

    @Test
    void readsBackWhatItWrote() {
        StreamMessage.Delta delta =
                new StreamMessage.Delta(
                        "7",
                        "abc",
                        List.of(new StreamMessage.ResourceUpdate(codec.hash(table()), table())),
                        List.of("cluster/gone"));
        assertThat(codec.read(codec.write(delta), StreamMessage.class)).isEqualTo(delta);
    }

    @Test
    void writesEqualValuesAsEqualBytes() {
        assertThat(codec.write(table())).isEqualTo(codec.write(table()));
        assertThat(codec.hash(table())).isEqualTo(codec.hash(table())).hasSize(32);
    }

    @Test
    void ignoresMembersThatANewerControlPlaneMayHaveAdded() {
        String json = "{\"type\":\"Heartbeat\",\"revision\":\"3\",\"later\":1}";
        assertThat(codec.read(json, StreamMessage.class))
                .isEqualTo(new StreamMessage.Heartbeat("3"));
    }

    @Test
    void refusesRubbishWithTheNameOfWhatWasExpected() {
        assertThatThrownBy(() -> codec.read("{\"type\":\"Nope\"}", StreamMessage.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("StreamMessage");
    }
}
