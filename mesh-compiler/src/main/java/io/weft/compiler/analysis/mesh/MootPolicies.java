package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * ALLOW policies are united: what one of them admits without a token, no other can make depend on
 * one (WFT0504).
 */
final class MootPolicies implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        List<PolicyRule> rules = PolicyRule.all(mesh);
        for (PolicyRule open : rules) {
            if (open.asksForToken() || open.excludes()) {
                continue;
            }
            Set<Field> moot = new LinkedHashSet<>();
            for (PolicyRule strict : rules) {
                if (strict.asksForToken()
                        && strict.policy() != open.policy()
                        && open.meets(strict, mesh.rootNamespace())
                        && open.sharesOperations(strict)
                        && moot.add(strict.policy())) {
                    report(open, strict, report);
                }
            }
        }
    }

    private static void report(PolicyRule open, PolicyRule strict, Report report) {
        RawResource other = strict.policy().resource();
        String requests =
                open.methods().isEmpty() && open.paths().isEmpty()
                        ? "every request"
                        : "requests "
                                + String.join(", ", open.methods())
                                + (open.paths().isEmpty()
                                        ? ""
                                        : " " + String.join(", ", open.paths()));
        report.warn(
                Code.MOOT_POLICY,
                open.place(),
                "allows "
                        + open.callers()
                        + " "
                        + requests.strip()
                        + " without a token, so that AuthorizationPolicy "
                        + other.namespace()
                        + "/"
                        + other.name()
                        + " ("
                        + other.file()
                        + ":"
                        + strict.place().location().line()
                        + "), which asks for one, has no effect on them: ALLOW policies of one"
                        + " workload are united",
                "ask for the token in this rule too (source.requestPrincipals), or deny requests"
                        + " without one by a DENY policy with notRequestPrincipals: [\"*\"]");
    }
}
