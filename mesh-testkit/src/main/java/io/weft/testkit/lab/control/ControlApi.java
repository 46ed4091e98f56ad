package io.weft.testkit.lab.control;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.dataplane.assembly.MeshProxy;
import io.weft.dataplane.view.DataPlaneView;
import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.echo.EchoFaults;
import io.weft.testkit.lab.mesh.LabControlPlane;
import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.mesh.LabProblem;
import io.weft.testkit.lab.mesh.TokenIssuers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the control API does, apart from HTTP. Thread-safe; blocks. */
public final class ControlApi {

    /** In all: the authority of a lab is made for a year. */
    private static final Duration MAX_AHEAD = Duration.ofDays(360);

    private final LabMesh mesh;
    private final Callers callers;
    private final Requests requests;
    private final Explanations explanations;
    private final AtomicReference<@Nullable Recording> recording = new AtomicReference<>();

    public ControlApi(LabMesh mesh) {
        this.mesh = mesh;
        this.callers = new Callers(mesh);
        this.requests = new Requests(mesh);
        this.explanations = new Explanations(mesh);
    }

    /** An {@link Answer}, or {@link Answer.Many} for a count above one. */
    public Object request(RequestOrder order) {
        Recording into = recording.get();
        // What would become of it is asked before: it may be the last that a fault takes.
        Explanations.Answer why = into == null ? null : explanations.explain(order);
        List<Answer> answers = requests.send(order);
        if (into != null && why != null) {
            into.add(callers.find(order.from()), order, answers.getFirst(), why);
        }
        return answers.size() == 1
                ? answers.getFirst()
                : new Answer.Many(answers, requests.distribution(answers));
    }

    public Explanations.Answer explain(RequestOrder order) {
        return explanations.explain(order);
    }

    /** Begins to record requests, anew where it has begun already. */
    public Object record() {
        recording.set(new Recording());
        return recorded();
    }

    /** What has been recorded, as a {@code PolicyTest}. */
    public Object recorded() {
        Recording current = recording.get();
        if (current == null) {
            throw new LabProblem("recording: none (expected: POST /recording before)");
        }
        return current.recorded();
    }

    /** Ends the recording, and tells it. */
    public Object endRecord() {
        Object recorded = recorded();
        recording.set(null);
        return recorded;
    }

    /** What became of new resources. */
    public record Resources(
            String revision, boolean accepted, List<Finding> diagnostics, List<String> refusals) {}

    /** A diagnostic, in its parts and as one line. */
    public record Finding(
            String level,
            String code,
            String kind,
            String namespace,
            String name,
            String fieldPath,
            String file,
            int line,
            int column,
            String message,
            String mend,
            String text) {

        static Finding of(Diagnostic found) {
            return new Finding(
                    found.level().title(),
                    found.code().id(),
                    found.kind(),
                    found.namespace(),
                    found.name(),
                    found.fieldPath(),
                    found.file(),
                    found.line(),
                    found.column(),
                    found.message(),
                    found.mend(),
                    found.format());
        }
    }

    /** Replaces all policy resources. */
    public Resources resources(List<PolicyFile> files) {
        LabControlPlane.Published published = mesh.control().publish(files);
        return new Resources(
                published.revision(),
                published.accepted(),
                published.diagnostics().stream().map(Finding::of).toList(),
                published.refusals());
    }

    /** How a token shall be. */
    public record TokenOrder(
            @Nullable String issuer,
            @Nullable String subject,
            @Nullable Object audience,
            @Nullable Map<String, @Nullable Object> claims,
            @Nullable Long expiresInSeconds,
            @Nullable Raw raw) {}

    /** A token as no issuer would make it. */
    public record Raw(
            @Nullable Map<String, @Nullable Object> header,
            @Nullable Map<String, @Nullable Object> payload,
            @Nullable String key) {}

    /** Mints a token. */
    public Map<String, String> token(TokenOrder order) {
        String issuer = order.issuer();
        if (issuer == null) {
            throw new LabProblem("issuer: missing (expected: one of the topology's)");
        }
        Raw raw = order.raw();
        if (raw != null) {
            String key = Objects.requireNonNullElse(raw.key(), "issuer");
            return Map.of(
                    "token", mesh.issuers().mintRaw(issuer, raw.header(), raw.payload(), key));
        }
        return Map.of(
                "token",
                mesh.issuers()
                        .mint(
                                new TokenIssuers.Order(
                                        issuer,
                                        order.subject(),
                                        audience(order.audience()),
                                        order.claims() == null ? Map.of() : order.claims(),
                                        order.expiresInSeconds() == null
                                                ? 3600
                                                : order.expiresInSeconds())));
    }

    private static @Nullable List<String> audience(@Nullable Object written) {
        return switch (written) {
            case null -> null;
            case List<?> list -> list.stream().map(String::valueOf).toList();
            default -> List.of(String.valueOf(written));
        };
    }

    /** What the replicas of a workload, or a gateway, hold. */
    public Map<String, Object> config(String namespace, String workload) {
        List<Map<String, Object>> instances = new ArrayList<>();
        mesh.gateways().stream()
                .filter(each -> each.spec().name().equals(workload))
                .filter(each -> each.spec().namespace().equals(namespace))
                .forEach(each -> instances.add(held(each.instance(), each.proxy())));
        if (instances.isEmpty()) {
            callers.replicas(namespace, workload)
                    .forEach(each -> {
                        MeshProxy proxy = each.proxy();
                        if (proxy != null) {
                            instances.add(held(each.instance(), proxy));
                        }
                    });
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("workload", workload);
        answer.put("namespace", namespace);
        if (!instances.isEmpty()) {
            answer.putAll(instances.getFirst());
        }
        answer.put("instances", instances);
        return answer;
    }

    private static Map<String, Object> held(String instance, MeshProxy proxy) {
        DataPlaneView view = proxy.plane().view();
        Map<String, Object> held = new LinkedHashMap<>();
        held.put("instance", instance);
        held.put("revision", view.revision());
        held.put("resources", new TreeMap<>(view.resources().resources()));
        held.put("clusters", view.clusters());
        return held;
    }

    /** Misbehaviour of a workload's application; of one replica where one is named. */
    public record FaultOrder(
            @Nullable String workload,
            @Nullable String namespace,
            @Nullable Integer replica,
            @Nullable Integer status,
            @Nullable Long delayMillis,
            @Nullable Boolean reset,
            @Nullable Integer times) {}

    /** Orders misbehaviour. */
    public Map<String, Object> faults(FaultOrder order) {
        String workload = order.workload();
        if (workload == null) {
            throw new LabProblem("workload: missing (expected: the name of a workload)");
        }
        String namespace = Objects.requireNonNullElse(order.namespace(), "default");
        var replicas = callers.replicas(namespace, workload);
        int times = within("times", Objects.requireNonNullElse(order.times(), 1), 0, 1_000_000);
        int status = within("status", Objects.requireNonNullElse(order.status(), 0), 0, 599);
        if (status > 16 && status < 200) {
            throw new LabProblem(
                    "status: " + status + " (expected: 200..599, or a gRPC status 0..16)");
        }
        long delay =
                within(
                        "delayMillis",
                        Objects.requireNonNullElse(order.delayMillis(), 0L),
                        0,
                        3_600_000);
        EchoFaults.Fault fault =
                new EchoFaults.Fault(status, delay, Boolean.TRUE.equals(order.reset()), times);
        if (fault.reset() && times > 0) {
            replicas.forEach(each -> each.application().closeConnections());
        }
        Integer replica = order.replica();
        if (replica == null) {
            mesh.faults(namespace, workload).order(fault);
        } else if (replica < 0 || replica >= replicas.size()) {
            throw new LabProblem(
                    "replica: " + replica + " (expected: 0.." + (replicas.size() - 1) + ")");
        } else {
            replicas.get(replica).application().faults().order(fault);
        }
        return Map.of("times", times);
    }

    private static int within(String field, long value, int least, int most) {
        if (value < least || value > most) {
            throw new LabProblem(field + ": " + value + " (expected: " + least + ".." + most + ")");
        }
        return (int) value;
    }

    /** How many requests a workload's applications have received. */
    public Map<String, Object> received(String namespace, String workload) {
        Map<String, Long> each = new LinkedHashMap<>();
        callers.replicas(namespace, workload)
                .forEach(r -> each.put(r.instance(), r.application().faults().requests()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("requests", mesh.faults(namespace, workload).requests());
        answer.put("instances", each);
        return answer;
    }

    /** Begins to count anew. */
    public Map<String, Object> clear(String namespace, String workload) {
        callers.replicas(namespace, workload).forEach(each -> each.application().faults().clear());
        mesh.faults(namespace, workload).clear();
        return received(namespace, workload);
    }

    /** How far to move the clock. */
    public record ClockOrder(@Nullable Long advanceMillis) {}

    /** Moves the mesh's clock. */
    public Map<String, Object> clock(ClockOrder order) {
        Long by = order.advanceMillis();
        long most = MAX_AHEAD.minus(mesh.clock().ahead()).toMillis();
        if (by == null || by < 0 || by > most) {
            throw new LabProblem("advanceMillis: " + by + " (expected: 0.." + most + ")");
        }
        mesh.advance(Duration.ofMillis(by));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("now", mesh.clock().now().toString());
        answer.put("aheadMillis", mesh.clock().ahead().toMillis());
        return answer;
    }

    /** What there is. */
    public Map<String, Object> overview() {
        List<Map<String, Object>> workloads = new ArrayList<>();
        mesh.replicas()
                .forEach(each ->
                        workloads.add(
                                Map.of(
                                        "instance",
                                        each.instance(),
                                        "identity",
                                        each.identity().uri(),
                                        "sidecar",
                                        each.proxy() != null)));
        List<Map<String, Object>> gateways = new ArrayList<>();
        mesh.gateways()
                .forEach(each ->
                        gateways.add(
                                Map.of(
                                        "gateway",
                                        each.spec().name() + "." + each.spec().namespace(),
                                        "ports",
                                        new TreeMap<>(each.ports()))));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("workloads", workloads);
        answer.put("gateways", gateways);
        return answer;
    }
}
