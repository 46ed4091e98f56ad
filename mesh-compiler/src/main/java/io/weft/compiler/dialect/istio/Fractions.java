package io.weft.compiler.dialect.istio;

import io.weft.compiler.yaml.Field;
import io.weft.model.route.Fraction;

/** {@code Percent}. */
final class Fractions {

    private Fractions() {}

    static Fraction percent(Field percent, Fraction otherwise) {
        if (!percent.isPresent()) {
            return otherwise;
        }
        return Fraction.ofPercent(percent.get("value").number(0, 100).orElse(0));
    }
}
