package io.weft.blog.users;

import io.grpc.stub.StreamObserver;
import io.weft.blog.users.v1.ChatMessage;

/** Answers each message of a chat with the same text and the message's number, counted from 1. */
final class Echo implements StreamObserver<ChatMessage> {

    private final StreamObserver<ChatMessage> response;
    private long received;

    Echo(StreamObserver<ChatMessage> response) {
        this.response = response;
    }

    @Override
    public void onNext(ChatMessage message) {
        received++;
        response.onNext(message.toBuilder().setNumber(received).build());
    }

    @Override
    public void onError(Throwable gone) {
        // The caller has left, so nobody is there to be answered.
    }

    @Override
    public void onCompleted() {
        response.onCompleted();
    }
}
