package io.weft.compiler.dialect.weft;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.policytest.PolicyTest;
import io.weft.compiler.policytest.PolicyTestCase;
import io.weft.compiler.policytest.TestCaller;
import io.weft.compiler.policytest.TestExpectation;
import io.weft.compiler.policytest.TestRequest;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a {@code PolicyTest}: {@code spec.tests}, each with {@code name}, {@code from}, {@code
 * request} and {@code expect}. A case with an error is left out; the error refuses the whole
 * configuration anyway.
 */
final class PolicyTestReader {

    private final Field root;
    private final Set<String> names = new HashSet<>();

    private PolicyTestReader(Field root) {
        this.root = root;
    }

    static PolicyTest read(Field root) {
        return new PolicyTestReader(root).read();
    }

    private PolicyTest read() {
        Field tests = root.get("spec").get("tests");
        List<PolicyTestCase> cases = new ArrayList<>();
        for (Field test : tests.items()) {
            cases.addAll(cases(test));
        }
        if (!tests.isPresent() || tests.isEmpty()) {
            tests.reportMissing();
        }
        root.reportUnknown(Level.ERROR);
        return new PolicyTest(
                root.resource().namespace(), root.resource().name(), cases, root.origin());
    }

    private List<PolicyTestCase> cases(Field test) {
        String name = test.get("name").required();
        if (!name.isEmpty() && !names.add(name)) {
            test.get("name")
                    .error(
                            Code.INVALID_VALUE,
                            "'" + name + "' (expected: a name that no other test here has)",
                            "give each test a name of its own");
        }
        String namespace = root.resource().namespace();
        Optional<TestCaller> from = new TestCallerReader(test.get("from"), namespace).read();
        List<TestRequest> requests = TestRequestReader.read(test.get("request"));
        Optional<TestExpectation> expect =
                new TestExpectationReader(test.get("expect"), namespace).read();
        if (from.isEmpty() || expect.isEmpty()) {
            return List.of();
        }
        return requests.stream()
                .map(request ->
                        new PolicyTestCase(
                                requests.size() == 1 ? name : name + ": " + inShort(request),
                                from.get(),
                                request,
                                expect.get(),
                                test.origin()))
                .toList();
    }

    private static String inShort(TestRequest request) {
        return request.method() + " " + request.target();
    }
}
