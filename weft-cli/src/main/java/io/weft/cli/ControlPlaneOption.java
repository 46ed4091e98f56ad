package io.weft.cli;

import java.net.URI;
import picocli.CommandLine.Option;

/** Where the control plane is asked. */
final class ControlPlaneOption {

    @Option(
            names = "--control-plane",
            paramLabel = "URL",
            description =
                    "API of policy-service (default: $WEFT_CONTROL_PLANE, or ${DEFAULT-VALUE}).",
            defaultValue = "${env:WEFT_CONTROL_PLANE:-http://127.0.0.1:8080}")
    private URI url = URI.create("http://127.0.0.1:8080");

    ControlPlaneClient client() {
        return new ControlPlaneClient(url);
    }
}
