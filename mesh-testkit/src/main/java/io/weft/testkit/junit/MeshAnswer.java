package io.weft.testkit.junit;

import io.weft.testkit.lab.control.Answer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What came back, and what is expected of it. Immutable. */
public record MeshAnswer(Answer answer) {

    public MeshAnswer expectStatus(int status) {
        return expect(Objects.equals(answer.status(), status), "status", answer.status(), status);
    }

    /** The connection failed, or was refused, before an answer. */
    public MeshAnswer expectNoAnswer() {
        return expect(answer.status() == null, "status", answer.status(), "none");
    }

    /** Which workload's application answered. */
    public MeshAnswer expectWorkload(String workload) {
        JsonNode echo = answer.echo();
        String seen = echo == null ? null : echo.path("workload").asString();
        return expect(workload.equals(seen), "workload", seen, workload);
    }

    /** The policy that decided, {@code Kind namespace/name}. */
    public MeshAnswer expectDecidedBy(String policy) {
        String seen = answer.decidedBy();
        boolean same = seen != null && (seen.equals(policy) || seen.startsWith(policy + " "));
        return expect(same, "decided by", seen, policy);
    }

    public MeshAnswer expectFlags(String flags) {
        return expect(
                flags.equals(answer.responseFlags()),
                "response flags",
                answer.responseFlags(),
                flags);
    }

    private MeshAnswer expect(
            boolean holds, String what, @Nullable Object seen, @Nullable Object wanted) {
        if (!holds) {
            throw new AssertionError(
                    what
                            + ": "
                            + seen
                            + " (expected: "
                            + wanted
                            + ")\n  error: "
                            + answer.error()
                            + "\n  decided by: "
                            + answer.decidedBy()
                            + "\n  details: "
                            + answer.details()
                            + "\n  body: "
                            + answer.body());
        }
        return this;
    }
}
