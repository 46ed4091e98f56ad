package io.weft.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.resource.JwksSet;
import io.weft.model.resource.UnknownHost;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourceMapTest {

    @Test
    void eachResourceSaysOfWhichTypeItIsAlsoWithinAnotherMap() {
        UnknownHost nowhere = new UnknownHost("nowhere:80");
        JwksSet keys = new JwksSet("k", "{}");
        Map<String, Object> shown =
                Map.of("api-0", new ResourceMap(Map.of(nowhere.key(), nowhere, keys.key(), keys)));
        assertThat(new String(new MeshCodec().write(shown), StandardCharsets.UTF_8))
                .startsWith("{\"api-0\":{\"")
                .contains("\"" + nowhere.key() + "\":{\"type\":\"UnknownHost\",")
                .contains("\"" + keys.key() + "\":{\"type\":\"JwksSet\",");
    }
}
