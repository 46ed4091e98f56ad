package io.weft.compiler.status;

/**
 * A Kubernetes status condition.
 *
 * @param type for example {@code Accepted}
 * @param reason in one word, stable
 * @param message for people, empty where the reason says all
 * @param observedGeneration {@code metadata.generation} of what was compiled, 0 where none is known
 */
public record Condition(
        String type, boolean status, String reason, String message, long observedGeneration) {}
