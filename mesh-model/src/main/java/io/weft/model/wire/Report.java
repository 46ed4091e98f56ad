package io.weft.model.wire;

import java.util.List;

/**
 * What a sidecar has met that the control plane can mend.
 *
 * @param unknownKeyIds names of the key sets in which it missed the key id of a token: the issuer
 *     may have new keys
 */
public record Report(List<String> unknownKeyIds) {

    public Report {
        unknownKeyIds = List.copyOf(unknownKeyIds);
    }
}
