package io.weft.dataplane.extauthz;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.weft.dataplane.upstream.BufferedCall;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One call of {@code envoy.service.auth.v3.Authorization/Check}. */
final class GrpcCheck implements Check {

    /** Envoy's word for whether a body was cut. */
    static final String PARTIAL_BODY = "x-envoy-auth-partial-body";

    private static final String METHOD = "/envoy.service.auth.v3.Authorization/Check";
    private static final int PREFIX = 5;

    private final HttpRequest head;
    private final byte[] body;

    GrpcCheck(String authority, byte[] message, long timeoutMillis) {
        head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, METHOD);
        head.headers()
                .set(HttpHeaderNames.HOST, authority)
                .set(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
                .set(HttpHeaderNames.TE, "trailers")
                .set("grpc-timeout", Math.min(timeoutMillis, 99_999_999) + "m");
        ByteBuffer framed = ByteBuffer.allocate(PREFIX + message.length);
        framed.put((byte) 0).putInt(message.length).put(message);
        body = framed.array();
    }

    @Override
    public HttpRequest head() {
        return head;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public CheckAnswer read(BufferedCall.Result.Answered answer) {
        if (answer.status() != 200) {
            return new CheckAnswer.Failure("it answered with HTTP status " + answer.status());
        }
        String status = answer.trailers().get("grpc-status");
        if (status == null) {
            status = answer.headers().get("grpc-status");
        }
        if (!"0".equals(status)) {
            return new CheckAnswer.Failure("it answered with gRPC status " + status);
        }
        byte[] message = unframed(answer.body());
        if (message == null) {
            return new CheckAnswer.Failure("its answer is not one uncompressed gRPC message");
        }
        try {
            return CheckResponse.read(message);
        } catch (IllegalArgumentException e) {
            return new CheckAnswer.Failure("its answer cannot be read: " + e.getMessage());
        }
    }

    private static byte @Nullable [] unframed(byte[] framed) {
        if (framed.length < PREFIX
                || framed[0] != 0
                || ByteBuffer.wrap(framed, 1, Integer.BYTES).getInt() != framed.length - PREFIX) {
            return null;
        }
        return Arrays.copyOfRange(framed, PREFIX, framed.length);
    }
}
