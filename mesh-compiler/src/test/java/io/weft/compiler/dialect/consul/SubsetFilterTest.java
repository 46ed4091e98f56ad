package io.weft.compiler.dialect.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.compiler.dialect.ClusterPlan;
import io.weft.model.Locality;
import io.weft.model.cluster.Endpoint;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubsetFilterTest {

    private static final Endpoint ENDPOINT =
            new Endpoint(
                    "e",
                    "10.0.0.1",
                    80,
                    null,
                    "shop",
                    "api",
                    Map.of("version", "v1", "tier", "gold", "empty", ""),
                    Locality.UNKNOWN,
                    1);

    private static boolean holds(String text) {
        ClusterPlan.Subset subset = SubsetFilter.parse(text);
        boolean labels = ENDPOINT.labels().entrySet().containsAll(subset.labels().entrySet());
        return labels && (subset.filter() == null || subset.filter().test(ENDPOINT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "Service.Meta.version == v1 | true",
                "Service.Meta.version == \"v1\" | true",
                "Service.Meta.version==v2 | false",
                "Service.Meta[\"version\"] != v1 | false",
                "Service.Meta.missing != v1 | true",
                "Service.Meta.missing == v1 | false",
                "Service.Meta.missing is empty | true",
                "Service.Meta.empty is not empty | false",
                "Service.Meta.version matches \"v[0-9]\" | true",
                "Service.Meta.missing not matches x | true",
                "ol in Service.Meta.tier | true",
                "ol not in Service.Meta.tier | false",
                "Service.Meta.tier contains old | true",
                "not Service.Meta.version == v1 | false",
                "Service.Meta.version == v2 and Service.Meta.tier == x or Service.Meta.tier == gold | true",
                "Service.Meta.version == v2 and (Service.Meta.tier == x or Service.Meta.tier == gold) | false",
            })
    void decidesAsBexprDoes(String filter, boolean expected) {
        assertThat(holds(filter)).isEqualTo(expected);
    }

    @Test
    void equalitiesAloneBecomeLabelsSoThatTheDataPlaneChooses() {
        ClusterPlan.Subset subset =
                SubsetFilter.parse("Service.Meta.version == v1 and Service.Meta.tier == gold");
        assertThat(subset.labels()).isEqualTo(Map.of("version", "v1", "tier", "gold"));
        assertThat(subset.filter()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Service.Meta.version",
                "Service.Meta.version ==",
                "Service.Unknown == x",
                "(Service.Meta.a == b",
                "Service.Meta.a == b c",
                "Service.Meta.a === b",
                "and",
                "\"open"
            })
    void whatIsNoFilterIsRefused(String filter) {
        assertThatThrownBy(() -> SubsetFilter.parse(filter))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
