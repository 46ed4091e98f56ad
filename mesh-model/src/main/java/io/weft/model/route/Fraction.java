package io.weft.model.route;

/** A share of requests in parts per million, so that 0.01 % is exact. */
public record Fraction(int partsPerMillion) {

    public static final Fraction ALL = new Fraction(1_000_000);
    public static final Fraction NONE = new Fraction(0);

    public Fraction {
        if (partsPerMillion < 0 || partsPerMillion > 1_000_000) {
            throw new IllegalArgumentException(
                    "fraction: " + partsPerMillion + " ppm (expected: 0..1000000)");
        }
    }

    /** From percent, for example 12.5. */
    public static Fraction ofPercent(double percent) {
        return new Fraction((int) Math.round(percent * 10_000));
    }
}
