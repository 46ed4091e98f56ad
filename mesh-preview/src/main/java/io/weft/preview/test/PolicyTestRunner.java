package io.weft.preview.test;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.policytest.PolicyTest;
import io.weft.compiler.policytest.PolicyTestCase;
import io.weft.compiler.policytest.TestCaller;
import io.weft.compiler.policytest.TestRequest;
import io.weft.engine.MeshClock;
import io.weft.engine.SampleRequest;
import io.weft.engine.VerifiedToken;
import io.weft.model.WorkloadId;
import io.weft.model.resource.MeshResource;
import io.weft.preview.Answer;
import io.weft.preview.Callee;
import io.weft.preview.Caller;
import io.weft.preview.ImaginedMesh;
import io.weft.preview.Preview;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Runs the policy tests of a configuration. For one thread. */
public final class PolicyTestRunner {

    /** A client's address that nobody can have (RFC 5737). */
    private static final String SOMEWHERE = "192.0.2.1";

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final ImaginedMesh mesh;
    private final Preview preview;

    public PolicyTestRunner(CompiledPolicies policies, MeshClock clock) {
        this.mesh = new ImaginedMesh(policies);
        this.preview = new Preview(mesh, clock);
    }

    /** All that the configuration brings along. */
    public TestReport run() {
        return run(each -> true);
    }

    /** Those that are asked for. */
    public TestReport run(Predicate<PolicyTestCase> wanted) {
        List<TestResult> results = new ArrayList<>();
        for (PolicyTest test : mesh.policies().policyTests()) {
            test.cases().stream().filter(wanted).map(each -> run(test, each)).forEach(results::add);
        }
        return new TestReport(results);
    }

    private TestResult run(PolicyTest test, PolicyTestCase each) {
        try {
            Asked asked = ask(test, each);
            Judge judge = new Judge(each.expect(), test.namespace(), asked.client());
            return new TestResult(
                    each.name(),
                    each.origin(),
                    judge.mismatches(asked.answer()),
                    asked.answer().explanation().decision().origin());
        } catch (IllegalArgumentException e) {
            TestResult.Mismatch broken =
                    new TestResult.Mismatch(
                            "configuration",
                            "one that can be compiled",
                            String.valueOf(e.getMessage()),
                            each.origin());
            return new TestResult(each.name(), each.origin(), List.of(broken), each.origin());
        }
    }

    private record Asked(Answer answer, Map<String, MeshResource> client) {}

    private Asked ask(PolicyTest test, PolicyTestCase each) {
        TestRequest request = each.request();
        return switch (each.from()) {
            case TestCaller.Workload(var id, var account, var domain, var labels) ->
                    ask(caller(id, account, domain, labels, false), request, SOMEWHERE);
            case TestCaller.Gateway(var id, var account, var labels, var ip) ->
                    ask(
                            caller(id, account, "", labels, true),
                            request,
                            ip.isEmpty() ? SOMEWHERE : ip);
            case TestCaller.Outside(var ip) -> {
                Callee callee = mesh.at(request.host(), request.port(), test.namespace());
                SampleRequest sample = sample(request, ip.isEmpty() ? SOMEWHERE : ip);
                yield new Asked(preview.askDirectly(callee, sample), Map.of());
            }
        };
    }

    private Asked ask(Caller caller, TestRequest request, String ip) {
        Answer answer = preview.ask(caller, request.authority(), sample(request, ip));
        return new Asked(answer, mesh.client(caller, request.authority()));
    }

    private Caller caller(
            WorkloadId id,
            String account,
            String domain,
            Map<String, String> labels,
            boolean gateway) {
        String own = mesh.policies().options().trustDomain();
        return Caller.of(
                id,
                account,
                labels,
                gateway,
                domain.isEmpty() ? own : domain,
                mesh.policies().workloads());
    }

    private static SampleRequest sample(TestRequest request, String ip) {
        if (request.protocol() == TestRequest.Protocol.TCP) {
            return SampleRequest.tcp(request.port())
                    .authority(request.authority())
                    .sourceIp(ip)
                    .build();
        }
        boolean https = request.protocol() == TestRequest.Protocol.HTTPS;
        boolean usual = request.port() == (https ? HTTPS_PORT : HTTP_PORT);
        SampleRequest.Builder builder =
                SampleRequest.http(request.method(), request.target())
                        .scheme(https ? "https" : "http")
                        .authority(usual ? request.host() : request.authority())
                        .destinationPort(request.port())
                        .sourceIp(ip);
        request.headers().forEach(builder::header);
        Map<String, Object> claims = request.claims();
        boolean bearer =
                request.headers().keySet().stream().noneMatch("authorization"::equalsIgnoreCase);
        if (claims != null) {
            builder.token(token(claims));
        }
        if (bearer && (claims != null || !request.token().isEmpty())) {
            builder.header(
                    "authorization", "Bearer " + (claims == null ? request.token() : "assumed"));
        }
        return builder.build();
    }

    private static VerifiedToken token(Map<String, Object> claims) {
        return VerifiedToken.of(
                String.valueOf(claims.getOrDefault("iss", "")),
                text(claims, "sub"),
                List.of(),
                text(claims, "azp"),
                claims);
    }

    private static @Nullable String text(Map<String, Object> claims, String name) {
        return claims.get(name) instanceof String value ? value : null;
    }
}
