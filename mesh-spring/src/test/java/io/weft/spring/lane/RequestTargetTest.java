package io.weft.spring.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a//b/../c",
                "/raw%2Fpath?x=1",
                "/curly{brace}|pipe",
                "/percent%zz?q=a%",
                "/twice?a=1?b=2",
                "/space%20and[brackets]?x=\"y\""
            })
    void forwardsWhatNoFilterChangedByteForByte(String raw) {
        RequestTarget target = RequestTarget.of("https", "a.example:8443", raw);
        assertThat(target.forward(target.uri())).isEqualTo(raw);
    }

    @Test
    void forwardsWhatAFilterChangedInOriginForm() {
        RequestTarget target = RequestTarget.of("http", "a.example", "/x/y?q=1");
        assertThat(target.forward(URI.create("meshlane://dispatch/y?q=1"))).isEqualTo("/y?q=1");
        assertThat(target.forward(URI.create("http://other"))).isEqualTo("/");
    }
}
