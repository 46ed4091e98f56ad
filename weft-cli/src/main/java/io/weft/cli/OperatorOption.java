package io.weft.cli;

import java.net.URI;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the control plane is asked, and by whom. */
final class OperatorOption {

    @Option(
            names = "--control-plane",
            paramLabel = "URL",
            description =
                    "API of policy-service (default: $WEFT_CONTROL_PLANE, or ${DEFAULT-VALUE}).",
            defaultValue = "${env:WEFT_CONTROL_PLANE:-http://127.0.0.1:8080}")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--operator-token-file",
            paramLabel = "FILE",
            description =
                    "File with the operator's token (default: ${DEFAULT-VALUE}); $WEFT_OPERATOR_TOKEN"
                            + " comes before it.",
            defaultValue = "weft-state/policy-service/operator-token")
    private Path file = Path.of("weft-state/policy-service/operator-token");

    ControlPlaneOperator operator() {
        String token = System.getenv("WEFT_OPERATOR_TOKEN");
        return ControlPlaneOperator.at(url, token == null ? "" : token, file);
    }
}
