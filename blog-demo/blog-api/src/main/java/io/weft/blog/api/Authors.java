package io.weft.blog.api;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.weft.blog.users.v1.GetUserRequest;
import io.weft.blog.users.v1.User;
import io.weft.blog.users.v1.UsersGrpc.UsersStub;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Asks the user service over gRPC for the names of authors. An author whose name it does not tell
 * goes by the id.
 */
final class Authors {

    private static final Logger log = LoggerFactory.getLogger(Authors.class);

    private final UsersStub users;
    private final Duration deadline;

    Authors(UsersStub users, Duration deadline) {
        this.users = users;
        this.deadline = deadline;
    }

    Mono<Author> find(String id) {
        return Mono.<User>create(sink -> call(id, sink))
                .map(user -> new Author(id, user.getDisplayName()))
                .onErrorResume(
                        StatusRuntimeException.class,
                        e -> {
                            log.debug("author {} goes by the id: {}", id, e.getStatus());
                            return Mono.just(new Author(id, id));
                        });
    }

    /** The authors by their ids, each asked for once, all at the same time. */
    Mono<Map<String, Author>> findAll(Collection<String> ids) {
        return Flux.fromIterable(ids).distinct().flatMap(this::find).collectMap(Author::id);
    }

    private void call(String id, MonoSink<User> sink) {
        users.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .getUser(
                        GetUserRequest.newBuilder().setId(id).build(),
                        new StreamObserver<>() {
                            @Override
                            public void onNext(User user) {
                                sink.success(user);
                            }

                            @Override
                            public void onError(Throwable failure) {
                                sink.error(failure);
                            }

                            @Override
                            public void onCompleted() {
                                sink.success();
                            }
                        });
    }
}
