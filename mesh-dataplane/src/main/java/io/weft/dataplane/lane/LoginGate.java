package io.weft.dataplane.lane;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sees every request of a gateway before its token is looked at, and may send people to log in. It
 * lets nobody past a policy: what it passes is authenticated and authorised like everything else.
 *
 * <p>{@link #admit} is called on event loops and must return at once; it may go on in any thread. A
 * stage that fails is answered with 503.
 */
@FunctionalInterface
public interface LoginGate {

    /** What becomes of the request. */
    CompletionStage<Outcome> admit(Request request);

    /**
     * A request behind the cleaning of its headers and path.
     *
     * @param path normalised, without its query
     * @param header a header's values joined, by lower-case name; only to be asked before {@link
     *     #admit} returns
     */
    record Request(
            String method,
            String scheme,
            String authority,
            String path,
            @Nullable String query,
            Function<String, @Nullable String> header) {}

    /** What becomes of a request. */
    sealed interface Outcome {

        /**
         * It goes on.
         *
         * @param headers what is forwarded in place of the caller's own; an empty value removes
         * @param cookies {@code Set-Cookie} values for the answer
         */
        record Pass(Map<String, String> headers, List<String> cookies) implements Outcome {
            public Pass {
                headers = Map.copyOf(headers);
                cookies = List.copyOf(cookies);
            }
        }

        /**
         * It is answered here.
         *
         * @param headers beside the cookies
         * @param details for the log
         */
        record Answer(
                int status,
                Map<String, String> headers,
                List<String> cookies,
                String body,
                String details)
                implements Outcome {
            public Answer {
                headers = Map.copyOf(headers);
                cookies = List.copyOf(cookies);
            }
        }
    }
}
