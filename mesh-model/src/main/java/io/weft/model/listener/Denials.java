package io.weft.model.listener;

import io.weft.model.Origin;
import org.jspecify.annotations.Nullable;

/**
 * What is said to whoever is refused with 401 or 403 by a policy. gRPC callers get a status,
 * whatever this says.
 *
 * @param showPolicy whether a problem names the deciding policy, its file and line
 * @param unauthorized in place of the 401's own body
 * @param forbidden in place of the 403's own body
 */
public record Denials(
        Form form,
        boolean showPolicy,
        @Nullable Body unauthorized,
        @Nullable Body forbidden,
        Origin origin) {

    /** Problems that name no policy. */
    public static final Denials DEFAULT =
            new Denials(Form.PROBLEM, false, null, null, Origin.builtIn("denials"));

    /** How the own bodies are written. */
    public enum Form {
        /** {@code application/problem+json} (RFC 9457), or text for who asks for text. */
        PROBLEM,
        /** Envoy's texts. */
        TEXT
    }

    /** A body as it is sent. */
    public record Body(String contentType, String text) {}
}
