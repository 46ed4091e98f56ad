package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.PolicyDialect;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.ArrayList;
import java.util.List;

/**
 * Linkerd. Its kinds are recognised and named; none is enforced, and policies that would deny are
 * refused, since ignoring them would open what they close.
 */
public final class LinkerdDialect implements PolicyDialect {

    @Override
    public Dialect id() {
        return Dialect.LINKERD;
    }

    @Override
    public boolean claims(RawResource resource) {
        return resource.group().equals("linkerd.io")
                || resource.group().equals("policy.linkerd.io");
    }

    @Override
    public DialectPolicies compile(List<RawResource> resources, CompileContext context) {
        for (RawResource resource : resources) {
            Field root = context.open(resource, Dialect.LINKERD);
            if (resource.group().equals("policy.linkerd.io")) {
                root.accept();
                root.error(
                        Code.NOT_ENFORCED,
                        "Linkerd's authorisation is not enforced; ignoring it would open what it"
                                + " closes",
                        "express it as an AuthorizationPolicy of security.istio.io, or remove it");
            } else if (resource.kind().equals("ServiceProfile")) {
                profile(root);
            } else {
                root.accept();
                root.error(
                        Code.UNKNOWN_KIND, "no kind of linkerd.io", "check the spelling of kind");
            }
        }
        return () -> Dialect.LINKERD;
    }

    private static void profile(Field root) {
        Field spec = root.get("spec");
        List<String> without = new ArrayList<>();
        for (Field route : spec.get("routes").items()) {
            route.get("condition").get("pathRegex").regex();
            route.get("timeout").duration();
            route.accept();
            without.add(
                    route.get("name").text("(no name)")
                            + (route.get("timeout").isPresent() ? " timeout" : "")
                            + (route.get("retryBudget").isPresent() ? " retryBudget" : ""));
        }
        if (spec.get("dstOverrides").isPresent()) {
            without.add("dstOverrides");
        }
        if (spec.get("retryBudget").isPresent()) {
            without.add("retryBudget");
        }
        root.accept();
        root.warn(
                Code.NOT_ENFORCED,
                "ServiceProfiles are read, but not enforced; without effect: "
                        + String.join(", ", without),
                "use a VirtualService for timeouts and retries meanwhile");
    }
}
