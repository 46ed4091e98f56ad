package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.yaml.Field;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code dstOverrides}: where the whole traffic of a service goes, by weight. */
final class Overrides {

    private static final Pattern QUANTITY =
            Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)([munk]?)");
    private static final int THOUSANDTHS = 1000;

    private Overrides() {}

    static List<Target> read(Field list, String service) {
        List<Target> targets = new ArrayList<>();
        boolean itself = false;
        for (Field item : list.items()) {
            String authority = item.get("authority").required().toLowerCase(Locale.ROOT);
            int colon = authority.lastIndexOf(':');
            String host = colon < 0 ? authority : authority.substring(0, colon);
            int port = colon < 0 ? 0 : port(item.get("authority"), authority.substring(colon + 1));
            int weight = weight(item.get("weight"));
            if (host.endsWith(".")) {
                host = host.substring(0, host.length() - 1);
            }
            if (host.isEmpty() || weight == 0) {
                continue;
            }
            itself |= host.equals(service);
            targets.add(new Target(host, port, "", weight, List.of(), item.origin()));
        }
        if (targets.isEmpty() && !list.items().isEmpty()) {
            list.error(
                    Code.WEIGHTS,
                    "the weights sum to 0 (expected: at least one above 0)",
                    "give one override a weight");
        } else if (!targets.isEmpty() && !itself) {
            list.warn(
                    Code.WEIGHTS,
                    service
                            + " is not among its own overrides: none of its traffic reaches it,"
                            + " all goes to "
                            + String.join(
                                    ", ", targets.stream().map(Target::host).distinct().toList()),
                    "add the service itself with its share, or remove dstOverrides");
        }
        return targets;
    }

    private static int port(Field field, String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535) {
            return Integer.parseInt(text);
        }
        field.reportValue(text, "HOST or HOST:PORT");
        return 0;
    }

    /** A Kubernetes quantity in thousandths; whole numbers keep their proportions. */
    private static int weight(Field field) {
        if (!field.isPresent()) {
            field.reportMissing();
            return 0;
        }
        String text = field.loose().orElse("");
        Matcher quantity = QUANTITY.matcher(text);
        if (!quantity.matches()) {
            field.reportValue(text, "a whole number or a quantity such as 900m");
            return 0;
        }
        BigDecimal value =
                new BigDecimal(quantity.group(1))
                        .multiply(
                                switch (quantity.group(2)) {
                                    case "m" -> BigDecimal.ONE;
                                    case "u" -> new BigDecimal("0.001");
                                    case "n" -> new BigDecimal("0.000001");
                                    case "k" -> BigDecimal.valueOf(1000L * THOUSANDTHS);
                                    default -> BigDecimal.valueOf(THOUSANDTHS);
                                });
        if (value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE / THOUSANDTHS)) > 0) {
            field.error(
                    Code.OUT_OF_RANGE,
                    "'" + text + "' (expected: below two thousand)",
                    "use smaller numbers of the same proportions");
            return 0;
        }
        return value.intValue();
    }
}
