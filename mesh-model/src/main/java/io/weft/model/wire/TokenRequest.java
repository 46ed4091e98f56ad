package io.weft.model.wire;

import java.util.List;

/**
 * A workload asks for a JWT-SVID of its own identity.
 *
 * @param audience whom the token is for, at least one
 */
public record TokenRequest(List<String> audience) {

    public TokenRequest {
        audience = List.copyOf(audience);
    }
}
