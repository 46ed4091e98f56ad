package io.weft.cli;

import io.weft.compiler.CompilerOptions;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import java.util.Map;

/** Who calls, in a question to explain. */
record Caller(
        WorkloadId workload, String serviceAccount, Map<String, String> labels, boolean gateway) {

    static Caller parse(
            String text, String serviceAccount, Map<String, String> labels, boolean gateway) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new CommandProblem(
                    ExitCodes.USAGE,
                    "--from: "
                            + text
                            + " (expected: NAMESPACE/WORKLOAD, for example blog/blog-frontend)");
        }
        String account = serviceAccount.isEmpty() ? parts[1] : serviceAccount;
        Map<String, String> own =
                labels.isEmpty()
                        ? gateway
                                ? Map.of("app", parts[1], "istio", "ingressgateway")
                                : Map.of("app", parts[1])
                        : labels;
        try {
            Caller caller = new Caller(new WorkloadId(parts[0], parts[1]), account, own, gateway);
            caller.identity();
            return caller;
        } catch (IllegalArgumentException e) {
            throw new CommandProblem(ExitCodes.USAGE, "--from: " + e.getMessage());
        }
    }

    SpiffeId identity() {
        return new SpiffeId(
                CompilerOptions.DEFAULT.trustDomain(), workload.namespace(), serviceAccount);
    }
}
