package io.weft.dataplane.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {

    private static final String V2 = "0d0a0d0a000d0a515549540a";

    private static ProxyHeader read(String text) {
        return ProxyHeader.read(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private static ProxyHeader binary(String hex) {
        return ProxyHeader.read(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
    }

    @Test
    void bothVersionsAndFamiliesNameWhoMadeTheConnection() {
        String four = "PROXY TCP4 198.51.100.7 203.0.113.1 56324 443\r\n";
        assertThat(read(four + "GET /"))
                .isEqualTo(
                        new ProxyHeader(
                                new InetSocketAddress("198.51.100.7", 56324), four.length()));
        assertThat(read("PROXY TCP6 2001:db8::7 2001:db8::1 1 2\r\n").source())
                .isEqualTo(new InetSocketAddress("2001:db8::7", 1));
        assertThat(binary(V2 + "2111000cc6336407cb007101dc0401bb" + "47"))
                .isEqualTo(new ProxyHeader(new InetSocketAddress("198.51.100.7", 56324), 28));
        String six = "20010db8000000000000000000000007" + "20010db8000000000000000000000001";
        assertThat(binary(V2 + "21210027" + six + "000a000b" + "040000"))
                .isEqualTo(new ProxyHeader(new InetSocketAddress("2001:db8::7", 10), 55));
    }

    @Test
    void aSenderThatSpeaksForItselfNamesNobody() {
        assertThat(read("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n").source()).isNull();
        assertThat(binary(V2 + "20000000")).isEqualTo(new ProxyHeader(null, 16));
    }

    @Test
    void aHeaderThatIsNotWholeIsAwaitedByteForByte() {
        byte[] whole =
                "PROXY TCP4 198.51.100.7 203.0.113.1 1 2\r\n".getBytes(StandardCharsets.US_ASCII);
        ByteBuf in = Unpooled.buffer();
        for (int i = 0; i < whole.length - 1; i++) {
            in.writeByte(whole[i]);
            assertThat(ProxyHeader.read(in)).isNull();
        }
        in.writeByte(whole[whole.length - 1]);
        assertThat(ProxyHeader.read(in)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXY TCP4 example.org 203.0.113.1 1 2\r\n",
                "PROXY TCP4 198.51.100.7 203.0.113.1 65536 2\r\n",
                "PROXY TCP4 198.51.100.7 203.0.113.1 1\r\n",
                "PROXY TCP6 198.51.100.7 203.0.113.1 1 2\r\n",
                "PROXY TCP4 198.51.100.7 203.0.113.1 1 2\n",
                "PROXY  TCP4 198.51.100.7 203.0.113.1 1 2\r\n",
                "PROXY UDP4 198.51.100.7 203.0.113.1 1 2\r\n"
            })
    void whatIsNoHeaderIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lengthsAreBounded() {
        assertThatThrownBy(() -> read("PROXY TCP4 " + "1".repeat(120)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> binary(V2 + "2111ffff"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> binary(V2 + "21110004c6336407"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> binary(V2 + "3111000c"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
