package io.weft.model.authz;

import java.util.List;

/** Every layer must allow; without a layer everything is allowed. */
public record AuthzProgram(List<AuthzLayer> layers) {

    public static final AuthzProgram ALLOW_ALL = new AuthzProgram(List.of());

    public AuthzProgram {
        layers = List.copyOf(layers);
    }
}
