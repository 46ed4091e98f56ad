package io.weft.blog.api;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.weft.blog.users.v1.GetUserRequest;
import io.weft.blog.users.v1.User;
import io.weft.blog.users.v1.UsersGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC server that knows two users, never answers for a third, and remembers what it was asked
 * with.
 */
final class FakeUserService extends UsersGrpc.UsersImplBase implements AutoCloseable {

    private final List<Metadata> received = new CopyOnWriteArrayList<>();
    private final Server server;

    FakeUserService() throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(this)
                        .intercept(new Remember())
                        .build()
                        .start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    List<Metadata> received() {
        return received;
    }

    @Override
    public void getUser(GetUserRequest request, StreamObserver<User> response) {
        switch (request.getId()) {
            case "ada" -> answer(request, "Ada Okafor", response);
            case "lin-mei" -> answer(request, "林梅", response);
            case "silent" -> {
                // The caller's deadline has to end this call.
            }
            default -> response.onError(Status.NOT_FOUND.asRuntimeException());
        }
    }

    private static void answer(GetUserRequest request, String name, StreamObserver<User> response) {
        response.onNext(User.newBuilder().setId(request.getId()).setDisplayName(name).build());
        response.onCompleted();
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    private final class Remember implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            received.add(headers);
            return next.startCall(call, headers);
        }
    }
}
