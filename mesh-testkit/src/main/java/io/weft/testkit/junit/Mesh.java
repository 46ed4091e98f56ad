package io.weft.testkit.junit;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.Lab;
import io.weft.testkit.lab.control.ControlApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The mesh of a test. Thread-safe. */
public final class Mesh {

    private final Lab lab;
    private final List<PolicyFile> given;
    private volatile boolean changed;

    Mesh(Lab lab, List<PolicyFile> given) {
        this.lab = lab;
        this.given = given;
    }

    /**
     * Begins a request.
     *
     * @param from {@code workload.namespace}; or {@code outside}, through the only gateway; or
     *     {@code outside:gateway.namespace}
     * @param to {@code host:port}, the host as the caller would write it; port 80 by default
     */
    public MeshRequest request(String from, String to) {
        return new MeshRequest(lab, from, to);
    }

    /**
     * Replaces all policies; returns when every sidecar has them.
     *
     * @throws AssertionError when they are refused
     */
    public Mesh resources(String yaml) {
        put(List.of(new PolicyFile("resources.yaml", yaml)));
        changed = true;
        return this;
    }

    /** Puts the class's own policies back if they were replaced. */
    void restore() {
        if (changed) {
            put(given);
            changed = false;
        }
    }

    private void put(List<PolicyFile> files) {
        ControlApi.Resources outcome = lab.api().resources(files);
        if (!outcome.accepted() || !outcome.refusals().isEmpty()) {
            StringBuilder text = new StringBuilder("resources are refused:");
            outcome.diagnostics().forEach(each -> text.append("\n  ").append(each.text()));
            outcome.refusals().forEach(each -> text.append("\n  ").append(each));
            throw new AssertionError(text.toString());
        }
    }

    /** A token of one of the topology's issuers, good for an hour. */
    public String token(String issuer, String subject, Map<String, Object> claims) {
        return token(issuer, subject, claims, Duration.ofHours(1));
    }

    /** A token; a negative life makes an expired one. */
    public String token(String issuer, String subject, Map<String, Object> claims, Duration life) {
        return lab.api()
                .token(
                        new ControlApi.TokenOrder(
                                issuer, subject, null, Map.copyOf(claims), life.toSeconds(), null))
                .getOrDefault("token", "");
    }

    /** Makes a workload's application answer its next requests with a status. */
    public Mesh failNext(String workload, int times, int status) {
        String[] parts = workload.split("\\.", 2);
        lab.api()
                .faults(
                        new ControlApi.FaultOrder(
                                parts[0],
                                parts.length > 1 ? parts[1] : null,
                                null,
                                status,
                                null,
                                null,
                                times));
        return this;
    }

    /** Moves the mesh's clock. */
    public Mesh advance(Duration by) {
        lab.mesh().advance(by);
        return this;
    }

    /** Everything else that a lab can do. */
    public Lab lab() {
        return lab;
    }
}
