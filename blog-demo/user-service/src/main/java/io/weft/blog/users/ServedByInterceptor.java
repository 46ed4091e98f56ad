package io.weft.blog.users;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.stereotype.Component;

/**
 * Tells in the trailers who answered ({@code x-users-served-by}) and how many milliseconds of the
 * caller's deadline were left when the call arrived ({@code x-users-deadline-millis}, absent
 * without a deadline).
 */
@Component
@GlobalServerInterceptor
class ServedByInterceptor implements ServerInterceptor {

    static final Metadata.Key<String> SERVED_BY =
            Metadata.Key.of("x-users-served-by", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<String> DEADLINE_MILLIS =
            Metadata.Key.of("x-users-deadline-millis", Metadata.ASCII_STRING_MARSHALLER);

    private final String instance;

    ServedByInterceptor(@Value("${blog.instance}") String instance) {
        this.instance = instance;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        @Nullable Deadline deadline = Context.current().getDeadline();
        String left =
                deadline == null
                        ? ""
                        : Long.toString(deadline.timeRemaining(TimeUnit.MILLISECONDS));
        var telling =
                new SimpleForwardingServerCall<Q, A>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        trailers.put(SERVED_BY, instance);
                        if (!left.isEmpty()) {
                            trailers.put(DEADLINE_MILLIS, left);
                        }
                        super.close(status, trailers);
                    }
                };
        return next.startCall(telling, headers);
    }
}
