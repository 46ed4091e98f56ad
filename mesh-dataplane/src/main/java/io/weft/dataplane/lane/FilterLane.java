package io.weft.dataplane.lane;

import java.util.concurrent.CompletionStage;

/**
 * Runs the gateway filters of a mesh route, between authorisation and dispatch. Routes without such
 * filters never come here.
 *
 * <p>{@link #filter} is called on the exchange's event loop and must return at once; it may go on
 * in any thread. It either dispatches (as often as it likes, one after the other) and returns that
 * answer, changed or not, or makes an answer itself. A stage that fails is answered with 500.
 */
public interface FilterLane {

    /** Takes the exchange over and promises its answer. */
    CompletionStage<MeshResponse> filter(LaneExchange exchange);
}
