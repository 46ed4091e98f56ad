package io.weft.compiler.dialect.weft;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.policytest.TestExpectation;
import io.weft.compiler.policytest.TestExpectation.Decision;
import io.weft.compiler.policytest.TestExpectation.ExpectedShare;
import io.weft.compiler.policytest.TestExpectation.ResourceName;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what must become of the request of a test. */
final class TestExpectationReader {

    private static final int LAST_PORT = 65535;
    private static final int MAX_WEIGHT = 1_000_000;
    private static final int FIRST_STATUS = 100;
    private static final int LAST_STATUS = 599;

    private final Field expect;
    private final String namespace;

    TestExpectationReader(Field expect, String namespace) {
        this.expect = expect;
        this.namespace = namespace;
    }

    Optional<TestExpectation> read() {
        if (!expect.isPresent() || expect.isEmpty()) {
            expect.error(
                    Code.MISSING_FIELD,
                    "expects nothing (expected: decision, status, decidedBy, route, destination,"
                            + " shares or path)",
                    "add expect.decision, for example");
            return Optional.empty();
        }
        return Optional.of(
                new TestExpectation(
                        decision(),
                        expect.get("status").integer(FIRST_STATUS, LAST_STATUS, 0),
                        resource(expect.get("decidedBy")),
                        resource(expect.get("route")),
                        shares(),
                        expect.get("path").text(""),
                        expect.origin()));
    }

    private @Nullable Decision decision() {
        Field field = expect.get("decision");
        if (!field.isPresent()) {
            return null;
        }
        String text = field.text("");
        for (Decision each : Decision.values()) {
            if (each.text().equals(text)) {
                return each;
            }
        }
        field.reportValue(
                text,
                Arrays.stream(Decision.values())
                        .map(Decision::text)
                        .collect(Collectors.joining(", ")));
        return null;
    }

    private @Nullable ResourceName resource(Field field) {
        if (!field.isPresent()) {
            return null;
        }
        String text = field.text("").strip();
        int space = text.indexOf(' ');
        if (space < 1) {
            field.error(
                    Code.INVALID_VALUE,
                    "'" + text + "' (expected: KIND NAMESPACE/NAME)",
                    "write it as AuthorizationPolicy blog/blog-api");
            return null;
        }
        String kind = text.substring(0, space);
        String name = text.substring(space + 1).strip();
        if (kind.equals("Default")) {
            return new ResourceName(kind, "", name);
        }
        int slash = name.indexOf('/');
        return slash < 0
                ? new ResourceName(kind, namespace, name)
                : new ResourceName(kind, name.substring(0, slash), name.substring(slash + 1));
    }

    private List<ExpectedShare> shares() {
        Field destination = expect.get("destination");
        Field list = expect.get("shares");
        if (destination.isPresent() && list.isPresent()) {
            list.error(
                    Code.CONTRADICTION,
                    "excludes destination (expected: one of them)",
                    "keep shares where requests are divided");
        }
        List<ExpectedShare> shares = new ArrayList<>();
        if (destination.isPresent()) {
            shares.add(share(destination, 1));
        }
        for (Field item : list.items()) {
            Field weight = item.get("weight");
            if (!weight.isPresent()) {
                weight.reportMissing();
            }
            shares.add(share(item, weight.integer(0, MAX_WEIGHT, 0)));
        }
        if (list.isPresent() && shares.stream().allMatch(share -> share.weight() == 0)) {
            list.error(
                    Code.WEIGHTS,
                    "no weight above 0 (expected: the weights of the route)",
                    "give each destination its weight");
        }
        return shares;
    }

    private static ExpectedShare share(Field field, int weight) {
        return new ExpectedShare(
                field.get("host").required(),
                field.get("subset").text(""),
                field.get("port").integer(1, LAST_PORT, 0),
                weight);
    }
}
