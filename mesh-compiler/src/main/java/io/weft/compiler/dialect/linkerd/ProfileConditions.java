package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Conditions of routes and of response classes: siblings must all hold. */
final class ProfileConditions {

    private static final int LOWEST = 100;
    private static final int HIGHEST = 599;

    private ProfileConditions() {}

    static Match request(Field condition) {
        List<Match> all = new ArrayList<>();
        Field path = condition.get("pathRegex");
        // Anchored at both ends, as every regular expression of the model.
        path.regex().ifPresent(regex -> all.add(new Match.Path(new StringMatch.Regex(regex))));
        Field method = condition.get("method");
        method.text()
                .ifPresent(m ->
                        all.add(
                                new Match.Method(
                                        new StringMatch.Exact(m.toUpperCase(Locale.ROOT)))));
        for (Field item : items(condition.get("all"))) {
            all.add(request(item));
        }
        Field any = condition.get("any");
        if (any.isPresent()) {
            all.add(new Match.AnyOf(items(any).stream().map(ProfileConditions::request).toList()));
        }
        Field not = condition.get("not");
        if (not.isPresent()) {
            all.add(new Match.Not(request(not)));
        }
        if (all.isEmpty() && !path.isPresent()) {
            condition.error(
                    Code.MISSING_FIELD,
                    "a request match must have a field set (expected: method, pathRegex, all, any"
                            + " or not)",
                    "add pathRegex");
            return Match.NEVER;
        }
        return Match.allOf(all);
    }

    private static List<Field> items(Field list) {
        List<Field> present = new ArrayList<>();
        for (Field item : list.items()) {
            if (item.isPresent()) {
                present.add(item);
            } else {
                item.error(Code.MISSING_FIELD, "a null condition", "write a condition");
            }
        }
        return present;
    }

    static IntPredicate response(Field condition) {
        List<IntPredicate> all = new ArrayList<>();
        Field status = condition.get("status");
        if (status.isPresent()) {
            all.add(range(status));
        }
        for (Field item : items(condition.get("all"))) {
            all.add(response(item));
        }
        Field any = condition.get("any");
        if (any.isPresent()) {
            List<IntPredicate> choices =
                    items(any).stream().map(ProfileConditions::response).toList();
            all.add(code -> choices.stream().anyMatch(choice -> choice.test(code)));
        }
        Field not = condition.get("not");
        if (not.isPresent()) {
            all.add(response(not).negate());
        }
        if (all.isEmpty()) {
            condition.error(
                    Code.MISSING_FIELD,
                    "a response match must have a field set (expected: status, all, any or not)",
                    "add status");
        }
        return code -> all.stream().allMatch(part -> part.test(code));
    }

    private static IntPredicate range(Field status) {
        int min = status.get("min").integer(LOWEST, HIGHEST, LOWEST);
        int max = status.get("max").integer(LOWEST, HIGHEST, HIGHEST);
        if (max < min) {
            status.error(
                    Code.OUT_OF_RANGE,
                    "max " + max + " is smaller than min " + min,
                    "exchange the two");
        }
        return code -> code >= min && code <= max;
    }
}
