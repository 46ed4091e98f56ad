package io.weft.policy.control;

import io.weft.compiler.CompilerOptions;
import java.time.Duration;

/**
 * How the control plane works.
 *
 * @param tick the unit of leases and heartbeats; a second, shorter in tests
 * @param gather how long registrations are gathered before endpoints are sent
 */
public record ControlSettings(CompilerOptions options, Duration tick, Duration gather) {

    /** The defaults. */
    public static ControlSettings of(String trustDomain, String rootNamespace) {
        return new ControlSettings(
                new CompilerOptions(trustDomain, rootNamespace),
                Duration.ofSeconds(1),
                Duration.ofMillis(10));
    }
}
