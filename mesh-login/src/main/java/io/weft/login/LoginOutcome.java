package io.weft.login;

import java.util.List;
import java.util.Map;

/** What becomes of a request. */
public sealed interface LoginOutcome {

    /** No login is asked for. */
    LoginOutcome UNTOUCHED = new Pass(Map.of(), List.of());

    /**
     * It goes on.
     *
     * @param headers what is forwarded in place of the caller's own; an empty value removes
     * @param cookies {@code Set-Cookie} values for the answer
     */
    record Pass(Map<String, String> headers, List<String> cookies) implements LoginOutcome {
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
            implements LoginOutcome {
        public Answer {
            headers = Map.copyOf(headers);
            cookies = List.copyOf(cookies);
        }
    }
}
