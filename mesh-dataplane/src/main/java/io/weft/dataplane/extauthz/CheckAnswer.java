package io.weft.dataplane.extauthz;

import io.weft.model.route.HeaderOp;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an authoriser has said. */
sealed interface CheckAnswer {

    /**
     * It may go on.
     *
     * @param request changes of the request's headers
     * @param response changes of the answer's headers
     * @param query parameters to set; null removes
     */
    record Consent(
            List<HeaderOp> request, List<HeaderOp> response, Map<String, @Nullable String> query)
            implements CheckAnswer {}

    /** The caller gets this. */
    record Refusal(int status, List<HeaderOp> headers, String body) implements CheckAnswer {}

    /** It could not be asked, or has said nothing that can be understood. */
    record Failure(String reason) implements CheckAnswer {}
}
