package io.weft.blog.users;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.weft.blog.users.v1.UserEvent;

/**
 * One caller of Watch. A stream observer takes one thread at a time, and several may save users:
 * hence the lock.
 */
final class Watcher {

    private final ServerCallStreamObserver<UserEvent> response;

    Watcher(ServerCallStreamObserver<UserEvent> response) {
        this.response = response;
    }

    /** Must be called before the call's first message, as the observer demands. */
    void onLeave(Runnable action) {
        response.setOnCancelHandler(action);
    }

    synchronized void send(UserEvent event) {
        if (!response.isCancelled()) {
            response.onNext(event);
        }
    }

    synchronized void stop() {
        if (!response.isCancelled()) {
            response.onError(
                    Status.UNAVAILABLE
                            .withDescription("this instance is shutting down")
                            .asRuntimeException());
        }
    }
}
