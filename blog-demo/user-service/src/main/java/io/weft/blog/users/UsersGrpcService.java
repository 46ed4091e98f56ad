package io.weft.blog.users;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.weft.blog.users.v1.ChatMessage;
import io.weft.blog.users.v1.GetUserRequest;
import io.weft.blog.users.v1.ListUsersRequest;
import io.weft.blog.users.v1.ListUsersResponse;
import io.weft.blog.users.v1.UserEvent;
import io.weft.blog.users.v1.UsersGrpc;
import io.weft.blog.users.v1.WatchRequest;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/** The gRPC face of the users. */
@Service
class UsersGrpcService extends UsersGrpc.UsersImplBase {

    private final UserDirectory directory;
    private final Watchers watchers = new Watchers();

    UsersGrpcService(UserDirectory directory) {
        this.directory = directory;
    }

    @Override
    public void getUser(
            GetUserRequest request, StreamObserver<io.weft.blog.users.v1.User> response) {
        if (request.getId().isBlank()) {
            response.onError(
                    Status.INVALID_ARGUMENT
                            .withDescription("id: blank (expected: the id of a user)")
                            .asRuntimeException());
            return;
        }
        directory
                .find(request.getId())
                .ifPresentOrElse(
                        user -> {
                            response.onNext(UserMessages.toMessage(user));
                            response.onCompleted();
                        },
                        () ->
                                response.onError(
                                        Status.NOT_FOUND
                                                .withDescription(
                                                        "no user has the id " + request.getId())
                                                .asRuntimeException()));
    }

    @Override
    public void listUsers(ListUsersRequest request, StreamObserver<ListUsersResponse> response) {
        var answer = ListUsersResponse.newBuilder();
        directory.findAll().stream()
                .map(UserMessages::toMessage)
                .filter(user ->
                        request.getRoleValue() == 0
                                || user.getRoleValue() == request.getRoleValue())
                .forEach(answer::addUsers);
        response.onNext(answer.build());
        response.onCompleted();
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<UserEvent> response) {
        Watcher watcher = new Watcher((ServerCallStreamObserver<UserEvent>) response);
        Runnable unsubscribe =
                directory.subscribe(user ->
                        watcher.send(UserMessages.toEvent(UserEvent.Kind.KIND_STORED, user)));
        watchers.add(watcher, unsubscribe);
        directory
                .findAll()
                .forEach(user ->
                        watcher.send(UserMessages.toEvent(UserEvent.Kind.KIND_PRESENT, user)));
    }

    @Override
    public StreamObserver<ChatMessage> chat(StreamObserver<ChatMessage> response) {
        return new Echo(response);
    }

    /** Ends the streams that would otherwise keep a graceful shutdown waiting. */
    @EventListener
    void stopWatching(ContextClosedEvent event) {
        watchers.close();
    }
}
