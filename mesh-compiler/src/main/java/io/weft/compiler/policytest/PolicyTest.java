package io.weft.compiler.policytest;

import io.weft.model.Origin;
import java.util.List;

/**
 * A resource of kind {@code PolicyTest} ({@code policy.weft.io/v1}): requests with what must become
 * of them. It is never part of any workload's configuration.
 *
 * @param namespace of the resource; short names in its cases are looked up from there
 */
public record PolicyTest(String namespace, String name, List<PolicyTestCase> cases, Origin origin) {
    public PolicyTest {
        cases = List.copyOf(cases);
    }
}
