package io.weft.testkit.lab.control;

import io.weft.engine.SampleRequest;
import io.weft.testkit.lab.client.Protocol;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An order as the engine is asked about it.
 *
 * @param opaque whether the first proxy sees bytes only: TCP, or TLS that is the caller's own
 * @param address the caller's
 */
record Samples(
        RequestOrder order, Protocol protocol, Target target, boolean opaque, String address) {

    /** The last header that says so, else as a client writes the destination. */
    String authority() {
        String authority = target.authority();
        for (List<String> header : headers()) {
            String name = header.getFirst().toLowerCase(Locale.ROOT);
            if (name.equals("host") || name.equals(":authority")) {
                authority = header.getLast();
            }
        }
        return authority;
    }

    int port() {
        RequestOrder.To to = order.to();
        Integer port = to == null ? null : to.port();
        return port != null ? port : target.scheme().equals("https") ? 443 : 80;
    }

    /** The server name of the caller's own handshake; null without one. */
    @Nullable String sni() {
        return target.dial() == null || target.dial().tls() == null
                ? null
                : target.dial().tls().sni();
    }

    Samples asOpaque() {
        return new Samples(order, protocol, target, true, address);
    }

    SampleRequest to(String authority) {
        return opaque ? connection(authority) : request(authority);
    }

    private SampleRequest connection(String authority) {
        return SampleRequest.tcp(port()).authority(authority).sni(sni()).sourceIp(address).build();
    }

    private SampleRequest request(String authority) {
        boolean grpc = protocol == Protocol.GRPC;
        String method = grpc ? "POST" : order.method() == null ? "GET" : order.method();
        String path = order.path();
        SampleRequest.Builder request =
                SampleRequest.http(method, path != null ? path : grpc ? Requests.GRPC_PATH : "/")
                        .scheme(target.scheme())
                        .authority(authority)
                        .sni(sni())
                        .sourceIp(address)
                        .destinationPort(port());
        if (grpc) {
            request.header("content-type", "application/grpc");
        }
        for (List<String> header : headers()) {
            String name = header.getFirst().toLowerCase(Locale.ROOT);
            if (!name.equals("host") && !name.startsWith(":")) {
                request.header(name, header.getLast());
            }
        }
        return request.build();
    }

    private List<List<String>> headers() {
        return order.headers() == null ? List.of() : order.headers();
    }
}
