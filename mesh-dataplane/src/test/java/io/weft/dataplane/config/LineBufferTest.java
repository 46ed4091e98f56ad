package io.weft.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineBufferTest {

    private static List<String> add(LineBuffer buffer, String text) {
        return buffer.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))).stream()
                .map(line -> new String(line, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void findsTheSameLinesWhereverTheBytesAreCut() {
        String text = "{\"a\":1}\n\nzweite Zeile ä\nthird\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            LineBuffer buffer = new LineBuffer(100);
            List<String> lines = new ArrayList<>();
            for (ByteBuffer part :
                    List.of(
                            ByteBuffer.wrap(bytes, 0, cut),
                            ByteBuffer.wrap(bytes, cut, bytes.length - cut))) {
                buffer.add(part).forEach(l -> lines.add(new String(l, StandardCharsets.UTF_8)));
            }
            assertThat(lines).containsExactly("{\"a\":1}", "zweite Zeile ä", "third");
        }
    }

    @Test
    void keepsWhatHasNoEndYet() {
        LineBuffer buffer = new LineBuffer(100);
        assertThat(add(buffer, "begin")).isEmpty();
        assertThat(add(buffer, "ning\nrest")).containsExactly("beginning");
    }

    @Test
    void refusesALineThatIsTooLongBeforeItEnds() {
        LineBuffer buffer = new LineBuffer(10);
        assertThat(add(buffer, "0123456789\n")).containsExactly("0123456789");
        add(buffer, "012345");
        assertThatThrownBy(() -> add(buffer, "678901"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("longer than 10 bytes");
    }
}
