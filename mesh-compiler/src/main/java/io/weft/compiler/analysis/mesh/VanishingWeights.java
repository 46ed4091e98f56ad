package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.List;
import java.util.Locale;

/** Shares so small that nothing is left of them (WFT0406). */
final class VanishingWeights implements Check {

    /** What splitters of Consul and of SMI can tell apart. */
    private static final double SMALLEST_PERCENT = 0.01;

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            for (String kind : List.of("http", "tcp", "tls")) {
                for (Field route : root.get("spec").get(kind).items()) {
                    check(route.get("route").items(), report);
                }
            }
        }
        for (Field root : mesh.all("consul.hashicorp.com", "ServiceSplitter")) {
            check(root.get("spec").get("splits").items(), report);
        }
        for (Field root : mesh.all("split.smi-spec.io", "TrafficSplit")) {
            check(root.get("spec").get("backends").items(), report);
        }
    }

    private static void check(List<Field> targets, Report report) {
        double sum = targets.stream().mapToDouble(VanishingWeights::weight).sum();
        for (Field target : targets) {
            double percent = sum <= 0 ? 100 : 100 * weight(target) / sum;
            Field place = target.get("weight");
            if (!place.isPresent() || percent >= SMALLEST_PERCENT) {
                continue;
            }
            if (percent == 0) {
                report.info(
                        Code.WEIGHTS,
                        place,
                        "0: nothing is sent here",
                        "remove the destination, or give it a share");
            } else {
                report.warn(
                        Code.WEIGHTS,
                        place,
                        place.loose().orElse("")
                                + " of "
                                + String.format(Locale.ROOT, "%.0f", sum)
                                + " is less than a hundredth of a percent and rounds away",
                        "give it a larger share, or remove it");
            }
        }
    }

    private static double weight(Field target) {
        String text = target.get("weight").loose().orElse("0");
        try {
            return text.endsWith("m")
                    ? Double.parseDouble(text.substring(0, text.length() - 1)) / 1000
                    : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
