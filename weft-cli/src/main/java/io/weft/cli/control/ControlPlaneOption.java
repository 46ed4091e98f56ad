package io.weft.cli.control;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the control plane is asked, and as whom. */
public final class ControlPlaneOption {

    private static final Path STATE = Path.of("weft-state/policy-service/operator-token");

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
                    "File with the operator's token, for what only operators may (default:"
                            + " weft-state/policy-service/operator-token); $WEFT_OPERATOR_TOKEN comes"
                            + " before it.")
    private @Nullable Path file;

    /** To read: with the token that somebody names, else as anybody. */
    public ControlPlane reader() {
        Path named = file;
        String token = fromEnvironment();
        return ControlPlane.at(url, token.isEmpty() && named != null ? read(named) : token);
    }

    /**
     * For what only operators may.
     *
     * @throws CommandProblem when there is no token
     */
    public ControlPlane operator() {
        Path named = file;
        String token = fromEnvironment();
        return ControlPlane.at(url, token.isEmpty() ? read(named == null ? STATE : named) : token);
    }

    private static String fromEnvironment() {
        String token = System.getenv("WEFT_OPERATOR_TOKEN");
        return token == null ? "" : token;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    "operator token: "
                            + file
                            + " cannot be read (expected: STATE/operator-token of policy-service by"
                            + " --operator-token-file, or $WEFT_OPERATOR_TOKEN)");
        }
    }
}
