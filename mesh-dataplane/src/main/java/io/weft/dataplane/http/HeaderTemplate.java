package io.weft.dataplane.http;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A header's value with Envoy's {@code %OPERATORS%}, compiled. */
final class HeaderTemplate {

    private final List<Function<Exchange, String>> parts;

    private HeaderTemplate(List<Function<Exchange, String>> parts) {
        this.parts = parts;
    }

    /**
     * Compiles.
     *
     * @throws IllegalArgumentException when an operator is not known
     */
    static HeaderTemplate compile(String text) {
        List<Function<Exchange, String>> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                literal.append(c);
                continue;
            }
            int end = text.indexOf('%', i + 1);
            if (end < 0) {
                throw unknown(text, text.substring(i));
            }
            if (end == i + 1) {
                literal.append('%');
            } else {
                flush(literal, parts);
                parts.add(operator(text, text.substring(i + 1, end)));
            }
            i = end;
        }
        flush(literal, parts);
        return new HeaderTemplate(List.copyOf(parts));
    }

    private static void flush(StringBuilder literal, List<Function<Exchange, String>> parts) {
        if (!literal.isEmpty()) {
            String value = literal.toString();
            parts.add(exchange -> value);
            literal.setLength(0);
        }
    }

    private static Function<Exchange, String> operator(String text, String operator) {
        if (operator.startsWith("REQ(") && operator.endsWith(")")) {
            String names = operator.substring(4, operator.length() - 1).toLowerCase(Locale.ROOT);
            String[] choices = names.split("\\?", 2);
            return exchange -> {
                for (String name : choices) {
                    String value = requestValue(exchange, name);
                    if (!value.isEmpty()) {
                        return value;
                    }
                }
                return "";
            };
        }
        return switch (operator) {
            case "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT" -> exchange -> address(exchange, true);
            case "DOWNSTREAM_REMOTE_ADDRESS" -> exchange -> address(exchange, false);
            case "DOWNSTREAM_PEER_URI_SAN" ->
                    exchange -> {
                        var peer = exchange.peer();
                        return peer == null ? "" : peer.uri();
                    };
            case "PROTOCOL" -> exchange -> exchange.downstream().protocol();
            case "REQUESTED_SERVER_NAME" ->
                    exchange -> {
                        String sni = exchange.sni();
                        return sni == null ? "" : sni;
                    };
            case "RESPONSE_CODE" -> exchange -> Integer.toString(exchange.record().status);
            case "ROUTE_NAME" -> exchange -> exchange.record().routeName();
            case "UPSTREAM_CLUSTER" -> exchange -> exchange.record().upstreamCluster();
            case "START_TIME" ->
                    exchange ->
                            java.time.Instant.ofEpochMilli(
                                            exchange.record().startEpochMicros() / 1000)
                                    .toString();
            default -> throw unknown(text, operator);
        };
    }

    private static String requestValue(Exchange exchange, String name) {
        return switch (name) {
            case ":authority" -> exchange.authority();
            case ":method" -> exchange.method();
            case ":path" -> exchange.request().uri();
            case ":scheme" -> exchange.scheme();
            default -> {
                String value = exchange.header(name);
                yield value == null ? "" : value;
            }
        };
    }

    private static String address(Exchange exchange, boolean bare) {
        if (exchange.connection().remoteAddress() instanceof InetSocketAddress inet) {
            String host = inet.getAddress().getHostAddress();
            return bare ? host : host + ":" + inet.getPort();
        }
        return "";
    }

    private static IllegalArgumentException unknown(String text, String operator) {
        return new IllegalArgumentException(
                "header value: '"
                        + text
                        + "' has operator '"
                        + operator
                        + "' (expected: one of Envoy's that are supported, or %% for a percent"
                        + " sign)");
    }

    String value(Exchange exchange) {
        if (parts.size() == 1) {
            return parts.getFirst().apply(exchange);
        }
        StringBuilder out = new StringBuilder();
        for (Function<Exchange, String> part : parts) {
            out.append(part.apply(exchange));
        }
        return out.toString();
    }
}
