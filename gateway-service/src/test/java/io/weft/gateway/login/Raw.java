package io.weft.gateway.login;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Requests as no HTTP client writes them. */
final class Raw {

    private Raw() {}

    static int status(int port, String host, String path, String... headers) throws IOException {
        return Integer.parseInt(answer(port, host, path, headers).substring(9, 12));
    }

    static String answer(int port, String host, String path, String... headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            socket.getOutputStream()
                    .write(
                            ("GET "
                                            + path
                                            + " HTTP/1.1\r\nHost: "
                                            + host
                                            + "\r\nAccept: text/html\r\nConnection: close\r\n"
                                            + more
                                            + "\r\n")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    static String header(String answer, String name) {
        for (String line : answer.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name + ": ")) {
                return line.substring(name.length() + 2);
            }
        }
        return "";
    }

    static Map<String, String> cookies(String answer) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String line : answer.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("set-cookie: ")) {
                String pair = line.substring(12).split(";")[0];
                int equals = pair.indexOf('=');
                all.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return all;
    }
}
