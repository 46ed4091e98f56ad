package io.weft.policy.stream;

import java.util.concurrent.CompletionStage;

/** Answers requests. Called on an event loop: must not block. */
@FunctionalInterface
interface ApiHandler {

    CompletionStage<ApiResponse> handle(ApiRequest request);
}
