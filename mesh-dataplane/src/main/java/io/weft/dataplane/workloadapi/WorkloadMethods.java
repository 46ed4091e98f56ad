package io.weft.dataplane.workloadapi;

import io.netty.handler.codec.http2.Http2Headers;
import io.weft.dataplane.codec.ProtoReader;
import io.weft.dataplane.codec.ProtoWriter;
import io.weft.dataplane.identity.JoinException;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.identity.TokenClient;
import io.weft.engine.MeshClock;
import io.weft.engine.jwt.JwtSvids;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The methods of {@code SpiffeWorkloadAPI}. Thread-safe.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md">SPIFFE
 *     Workload API</a>
 */
final class WorkloadMethods {

    private static final String SERVICE = "/SpiffeWorkloadAPI/";

    /** Whoever can only make a proxy or a browser send requests cannot set it. */
    private static final String SECURITY_HEADER = "workload.spiffe.io";

    private final MeshTls tls;
    private final IdentityMessages messages;
    private final JwtSvids verifier;
    private final TokenClient tokens;
    private final Executor blocking;
    private final Set<GrpcCall> streams = ConcurrentHashMap.newKeySet();

    WorkloadMethods(MeshTls tls, TokenClient tokens, Executor blocking, MeshClock clock) {
        this.tls = tls;
        this.messages = new IdentityMessages(tls, clock);
        this.verifier = new JwtSvids(() -> tls.trust().tokenKeys(), clock);
        this.tokens = tokens;
        this.blocking = blocking;
    }

    void call(String path, Http2Headers headers, byte[] message, GrpcCall call) {
        CharSequence security = headers.get(SECURITY_HEADER);
        if (security == null || !"true".contentEquals(security)) {
            call.fail(
                    GrpcStatus.INVALID_ARGUMENT,
                    "security header missing from request (expected: "
                            + SECURITY_HEADER
                            + ": true)");
            return;
        }
        switch (path) {
            case SERVICE + "FetchX509SVID" -> follow(call, messages::x509Svid);
            case SERVICE + "FetchX509Bundles" -> follow(call, messages::x509Bundles);
            case SERVICE + "FetchJWTBundles" -> follow(call, messages::jwtBundles);
            case SERVICE + "FetchJWTSVID" -> fetchToken(message, call);
            case SERVICE + "ValidateJWTSVID" -> validate(message, call);
            default -> call.fail(GrpcStatus.UNIMPLEMENTED, "no such method: " + path);
        }
    }

    private void follow(GrpcCall call, Supplier<byte[]> message) {
        streams.add(call);
        call.follow(message);
    }

    void gone(GrpcCall call) {
        streams.remove(call);
    }

    /** Something may have changed: those who follow it are told. */
    void changed() {
        streams.forEach(call -> call.execute(call::update));
    }

    private void fetchToken(byte[] message, GrpcCall call) {
        List<String> audience = new ArrayList<>();
        String wanted = "";
        ProtoReader request = new ProtoReader(message);
        while (request.next()) {
            switch (request.field()) {
                case 1 -> audience.add(request.text());
                case 2 -> wanted = request.text();
                default -> {
                    // Of a later version.
                }
            }
        }
        if (audience.isEmpty()) {
            throw new IllegalArgumentException("audience: none (expected: at least one)");
        }
        String own = tls.svid().id().uri();
        if (!wanted.isEmpty() && !wanted.equals(own)) {
            call.fail(GrpcStatus.PERMISSION_DENIED, "this workload is " + own);
            return;
        }
        blocking.execute(() -> {
            try {
                String token = tokens.fetch(audience).token().reveal();
                call.execute(() -> call.answer(messages.jwtSvid(token)));
            } catch (JoinException e) {
                call.execute(() ->
                        call.fail(
                                e.refused() ? GrpcStatus.PERMISSION_DENIED : GrpcStatus.UNAVAILABLE,
                                String.valueOf(e.getMessage())));
            }
        });
    }

    private void validate(byte[] message, GrpcCall call) {
        String audience = "";
        String token = "";
        ProtoReader request = new ProtoReader(message);
        while (request.next()) {
            switch (request.field()) {
                case 1 -> audience = request.text();
                case 2 -> token = request.text();
                default -> {
                    // Of a later version.
                }
            }
        }
        if (audience.isEmpty() || token.isEmpty()) {
            throw new IllegalArgumentException("expected: audience and svid");
        }
        JwtSvids.Verified verified = verifier.verify(token, audience);
        if (tls.trust().denied().contains(verified.subject())) {
            throw new IllegalArgumentException(verified.subject() + ": is on the deny-list");
        }
        call.answer(
                new ProtoWriter()
                        .text(1, verified.subject())
                        .message(2, ProtoStruct.of(verified.claims())));
    }
}
