package io.weft.compiler.policytest;

import io.weft.compiler.policytest.TestExpectation.Decision;
import io.weft.compiler.policytest.TestExpectation.ExpectedShare;
import io.weft.compiler.policytest.TestExpectation.ResourceName;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes policy tests as documents that read back as the same tests, origins aside. Every text is
 * quoted, so that none is taken for a number. For one text.
 */
public final class PolicyTestYaml {

    private static final int CASE = 4;
    private static final int PART = 6;
    private static final int DEEP = 8;

    private final StringBuilder text = new StringBuilder();

    private PolicyTestYaml() {}

    /** All of them, one document each. */
    public static String write(Collection<PolicyTest> tests) {
        PolicyTestYaml yaml = new PolicyTestYaml();
        String separator = "";
        for (PolicyTest test : tests) {
            yaml.text.append(separator);
            yaml.test(test);
            separator = "---\n";
        }
        return yaml.text.toString();
    }

    private void test(PolicyTest test) {
        text.append("apiVersion: policy.weft.io/v1\nkind: PolicyTest\nmetadata:\n");
        line(2, "name", quote(test.name()));
        line(2, "namespace", quote(test.namespace()));
        text.append("spec:\n  tests:\n");
        for (PolicyTestCase each : test.cases()) {
            text.append("  - name: ").append(quote(each.name())).append('\n');
            from(each.from());
            request(each.request());
            expect(each.expect());
        }
    }

    private void from(TestCaller from) {
        line(CASE, "from", "");
        switch (from) {
            case TestCaller.Workload(var workload, var account, var domain, var labels) -> {
                if (domain.isEmpty()) {
                    line(PART, "workload", quote(workload.toString()));
                    asked("serviceAccount", account);
                } else {
                    String name = account.isEmpty() ? workload.name() : account;
                    String principal = domain + "/ns/" + workload.namespace() + "/sa/" + name;
                    line(PART, "principal", quote(principal));
                }
                texts("labels", labels);
            }
            case TestCaller.Gateway(var gateway, var account, var labels, var ip) -> {
                line(PART, "gateway", quote(gateway.toString()));
                asked("serviceAccount", account);
                texts("labels", labels);
                asked("ip", ip);
            }
            case TestCaller.Outside(var ip) -> {
                line(PART, "outside", "true");
                asked("ip", ip);
            }
        }
    }

    private void request(TestRequest request) {
        line(CASE, "request", "");
        if (request.protocol() != TestRequest.Protocol.HTTP) {
            line(PART, "protocol", request.protocol().name().toLowerCase(Locale.ROOT));
        }
        line(PART, "to", quote(request.authority()));
        if (request.protocol() == TestRequest.Protocol.TCP) {
            return;
        }
        line(PART, "method", quote(request.method()));
        line(PART, "path", quote(request.target()));
        texts("headers", request.headers());
        Map<String, Object> claims = request.claims();
        if (claims != null) {
            line(PART, "claims", value(claims));
        }
        asked("token", request.token());
    }

    private void expect(TestExpectation expect) {
        line(CASE, "expect", "");
        Decision decision = expect.decision();
        if (decision != null) {
            line(PART, "decision", decision.text());
        }
        if (expect.status() != 0) {
            line(PART, "status", Integer.toString(expect.status()));
        }
        named("decidedBy", expect.decidedBy());
        named("route", expect.route());
        if (!expect.shares().isEmpty()) {
            line(PART, "shares", "");
        }
        for (ExpectedShare share : expect.shares()) {
            text.append(" ".repeat(PART)).append("- host: ").append(quote(share.host()));
            text.append('\n');
            if (!share.subset().isEmpty()) {
                line(DEEP, "subset", quote(share.subset()));
            }
            if (share.port() != 0) {
                line(DEEP, "port", Integer.toString(share.port()));
            }
            line(DEEP, "weight", Integer.toString(share.weight()));
        }
        asked("path", expect.path());
    }

    private void named(String name, @Nullable ResourceName resource) {
        if (resource != null) {
            line(PART, name, quote(resource.toString()));
        }
    }

    private void asked(String name, String value) {
        if (!value.isEmpty()) {
            line(PART, name, quote(value));
        }
    }

    private void texts(String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            line(PART, name, "");
            new TreeMap<>(values).forEach((key, value) -> line(DEEP, quote(key), quote(value)));
        }
    }

    private void line(int indent, String name, String value) {
        text.append(" ".repeat(indent)).append(name).append(':');
        text.append(value.isEmpty() ? "" : " ").append(value).append('\n');
    }

    /** Flow style: JSON is YAML. */
    private static String value(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            StringBuilder flow = new StringBuilder("{");
            String separator = "";
            for (var entry : new TreeMap<>(map).entrySet()) {
                flow.append(separator).append(quote(String.valueOf(entry.getKey())));
                flow.append(": ").append(value(entry.getValue()));
                separator = ", ";
            }
            return flow.append('}').toString();
        }
        if (value instanceof Collection<?> list) {
            return list.stream()
                    .map(PolicyTestYaml::value)
                    .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
        }
        return value instanceof Number || value instanceof Boolean
                ? value.toString()
                : quote(String.valueOf(value));
    }

    private static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
