package io.weft.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatHeadersTest {

    private static final List<String> NAMES =
            List.of("Host", "host", "x-a", "X-A", "x-b", "accept", "Accept", "content-length");

    @Test
    void sayTheSameAsTheLibrarysHeadersWhateverIsDoneToBoth() {
        Random random = new Random(7);
        for (int run = 0; run < 300; run++) {
            HttpHeaders expected = new DefaultHttpHeaders();
            HttpHeaders actual = FlatHeaders.FACTORY.newHeaders();
            for (int step = 0; step < 40; step++) {
                change(expected, actual, random);
                assertSame(expected, actual);
            }
            assertSame(expected, actual.copy());
        }
    }

    private static void change(HttpHeaders expected, HttpHeaders actual, Random random) {
        CharSequence name = NAMES.get(random.nextInt(NAMES.size()));
        if (random.nextBoolean()) {
            name = AsciiString.of(name);
        }
        String value = Integer.toString(random.nextInt(50));
        switch (random.nextInt(7)) {
            case 0, 1, 2 -> {
                expected.add(name, value);
                actual.add(name, value);
            }
            case 3 -> {
                expected.set(name, value);
                actual.set(name, value);
            }
            case 4 -> {
                expected.remove(name);
                actual.remove(name);
            }
            case 5 -> {
                expected.set(name, List.of(value, "other"));
                actual.set(name, List.of(value, "other"));
            }
            default -> {
                if (random.nextInt(20) == 0) {
                    expected.clear();
                    actual.clear();
                }
            }
        }
    }

    private static void assertSame(HttpHeaders expected, HttpHeaders actual) {
        assertThat(actual.size()).isEqualTo(expected.size());
        assertThat(actual.isEmpty()).isEqualTo(expected.isEmpty());
        for (String name : NAMES) {
            assertThat(actual.getAll(name)).isEqualTo(expected.getAll(name));
            assertThat(actual.get(name)).isEqualTo(expected.get(name));
            assertThat(actual.getInt(name)).isEqualTo(expected.getInt(name));
            assertThat(actual.contains(name)).isEqualTo(expected.contains(name));
            assertThat(actual.contains(name, "7", true))
                    .isEqualTo(expected.contains(name, "7", true));
            assertThat(actual.valueCharSequenceIterator(name))
                    .toIterable()
                    .hasSameSizeAs(expected.getAll(name));
        }
        assertThat(actual.entries().stream().map(Map.Entry::getValue))
                .containsExactlyInAnyOrderElementsOf(
                        expected.entries().stream().map(Map.Entry::getValue).toList());
    }

    @Test
    void keepTheOrderAndTheCaseInWhichHeadersCame() {
        HttpHeaders headers = FlatHeaders.FACTORY.newHeaders();
        headers.add("X-B", "1").add("x-a", "2").add("X-b", "3");
        assertThat(headers.toString()).contains("X-B: 1, x-a: 2, X-b: 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "a\r\nb", "ä", "a\u0000"})
    void refuseNamesThatAreNoTokens(String name) {
        assertThatThrownBy(() -> FlatHeaders.FACTORY.newHeaders().add(name, "v"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb: c", "a\nb", "a\rb", "\u0000"})
    void refuseValuesThatWouldMakeAnotherLine(String value) {
        HttpHeaders headers = FlatHeaders.FACTORY.newHeaders();
        assertThatThrownBy(() -> headers.add("x", value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> headers.set("x", value))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "Host", "x-request-id", "X-Request-Id", "content-type"})
    void commonNamesAreFoundAsTheyCame(String name) {
        byte[] bytes = ("__" + name + "__").getBytes(StandardCharsets.US_ASCII);
        assertThat((CharSequence) HeaderNames.find(bytes, 2, name.length())).hasToString(name);
    }

    @Test
    void otherNamesAreNotFound() {
        byte[] bytes = "hosu HOST x".getBytes(StandardCharsets.US_ASCII);
        assertThat((CharSequence) HeaderNames.find(bytes, 0, 4)).isNull();
        assertThat((CharSequence) HeaderNames.find(bytes, 5, 4)).isNull();
        assertThat((CharSequence) HeaderNames.find(bytes, 0, 0)).isNull();
    }
}
