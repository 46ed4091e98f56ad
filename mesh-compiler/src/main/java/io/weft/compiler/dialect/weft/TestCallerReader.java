package io.weft.compiler.dialect.weft;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.policytest.TestCaller;
import io.weft.compiler.yaml.Field;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads who sends the request of a test: one of workload, principal, gateway or outside. */
final class TestCallerReader {

    private static final List<String> WAYS = List.of("workload", "principal", "gateway", "outside");

    private final Field from;
    private final String namespace;

    TestCallerReader(Field from, String namespace) {
        this.from = from;
        this.namespace = namespace;
    }

    Optional<TestCaller> read() {
        WAYS.forEach(from::get);
        List<String> used = WAYS.stream().filter(from::has).toList();
        if (used.size() != 1) {
            from.get("ip");
            from.get("labels").accept();
            from.get("serviceAccount");
            if (used.isEmpty()) {
                from.error(
                        Code.MISSING_FIELD,
                        "says not who calls (expected: one of " + String.join(", ", WAYS) + ")",
                        "add from.workload, for example");
            } else {
                from.error(
                        Code.CONTRADICTION,
                        String.join(" and ", used) + " (expected: one of them)",
                        "keep one");
            }
            return Optional.empty();
        }
        return switch (used.getFirst()) {
            case "workload" -> workload();
            case "principal" -> principal();
            case "gateway" -> gateway();
            default -> outside();
        };
    }

    private Optional<TestCaller> workload() {
        String account = from.get("serviceAccount").text("");
        Map<String, String> labels = from.get("labels").texts();
        return id(from.get("workload"))
                .filter(id -> isPrincipal(id, account))
                .map(id -> new TestCaller.Workload(id, account, "", labels));
    }

    private boolean isPrincipal(WorkloadId id, String account) {
        try {
            SpiffeId identity =
                    new SpiffeId("mesh", id.namespace(), account.isEmpty() ? id.name() : account);
            return !identity.serviceAccount().isEmpty();
        } catch (IllegalArgumentException e) {
            from.error(
                    Code.INVALID_VALUE, String.valueOf(e.getMessage()), "write NAMESPACE/WORKLOAD");
            return false;
        }
    }

    private Optional<TestCaller> principal() {
        Field field = from.get("principal");
        String text = field.required();
        Map<String, String> labels = from.get("labels").texts();
        String uri = text.startsWith("spiffe://") ? text : "spiffe://" + text;
        Optional<SpiffeId> identity = SpiffeId.parse(uri);
        if (identity.isEmpty() && !text.isEmpty()) {
            field.error(
                    Code.INVALID_VALUE,
                    "'" + text + "' (expected: TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT)",
                    "write it as cluster.local/ns/blog/sa/blog-frontend");
        }
        return identity.map(id ->
                new TestCaller.Workload(
                        new WorkloadId(id.namespace(), id.serviceAccount()),
                        id.serviceAccount(),
                        id.trustDomain(),
                        labels));
    }

    private Optional<TestCaller> gateway() {
        String account = from.get("serviceAccount").text("");
        Map<String, String> labels = from.get("labels").texts();
        String ip = ip();
        return id(from.get("gateway"))
                .filter(id -> isPrincipal(id, account))
                .map(id -> new TestCaller.Gateway(id, account, labels, ip));
    }

    private Optional<TestCaller> outside() {
        String ip = ip();
        Field outside = from.get("outside");
        if (!outside.bool(true)) {
            outside.reportValue("false", "true");
            return Optional.empty();
        }
        return Optional.of(new TestCaller.Outside(ip));
    }

    private String ip() {
        Field field = from.get("ip");
        String text = field.text("");
        try {
            return text.isEmpty() ? "" : InetAddress.ofLiteral(text).getHostAddress();
        } catch (IllegalArgumentException e) {
            field.error(
                    Code.INVALID_VALUE,
                    "'" + text + "' (expected: an IPv4 or IPv6 address)",
                    "write it as 203.0.113.7");
            return "";
        }
    }

    private Optional<WorkloadId> id(Field field) {
        String text = field.required();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = text.split("/", -1);
        if (parts.length > 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
            field.error(
                    Code.INVALID_VALUE,
                    "'" + text + "' (expected: NAMESPACE/NAME, or NAME in the test's namespace)",
                    "write it as blog/blog-frontend");
            return Optional.empty();
        }
        return Optional.of(
                parts.length == 2
                        ? new WorkloadId(parts[0], parts[1])
                        : new WorkloadId(namespace, parts[0]));
    }
}
