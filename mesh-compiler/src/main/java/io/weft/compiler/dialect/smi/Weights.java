package io.weft.compiler.dialect.smi;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Weights: Kubernetes quantities in v1alpha1 ({@code 900m}), whole numbers later; all are relative.
 */
final class Weights {

    private static final Pattern QUANTITY =
            Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)([mk]?)");

    /** A weight in thousandths. */
    record Weight(long thousandths) {}

    private Weights() {}

    static Weight read(Field field) {
        if (!field.isPresent()) {
            field.reportMissing();
            return new Weight(0);
        }
        String text = field.loose().orElse("");
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            field.reportValue(text, "a whole number or a quantity such as 900m");
            return new Weight(0);
        }
        BigDecimal value = new BigDecimal(matcher.group(1));
        int exponent =
                switch (matcher.group(2)) {
                    case "m" -> 0;
                    case "k" -> 6;
                    default -> 3;
                };
        BigDecimal scaled = value.movePointRight(exponent);
        if (scaled.stripTrailingZeros().scale() > 0 || scaled.precision() > 15) {
            field.error(
                    Code.OUT_OF_RANGE,
                    "'" + text + "' (expected: at most thousandths, below a million)",
                    "use whole numbers");
            return new Weight(0);
        }
        return new Weight(scaled.longValue());
    }

    /** The same proportions in the smallest whole numbers. */
    static List<Integer> whole(List<Weight> weights) {
        BigInteger divisor = BigInteger.ZERO;
        for (Weight weight : weights) {
            divisor = divisor.gcd(BigInteger.valueOf(weight.thousandths()));
        }
        long by = divisor.signum() == 0 ? 1 : divisor.longValue();
        // Kept as written where they are whole: 90/10 reads better than 9/1.
        if (by % 1000 == 0) {
            by = 1000;
        }
        long unit = by;
        return weights.stream()
                .map(w -> (int) Math.min(w.thousandths() / unit, Integer.MAX_VALUE / 1000))
                .toList();
    }
}
