package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.compiler.dialect.consul.chain.SplitterSpec;
import io.weft.compiler.dialect.consul.chain.SplitterSpec.SplitSpec;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code ServiceSplitter}. */
final class SplitterReader {

    private static final int HUNDREDTHS = 100;

    private SplitterReader() {}

    static SplitterSpec read(Field root) {
        Field list = root.get("spec").get("splits");
        List<SplitSpec> splits = new ArrayList<>();
        Set<String> targets = new HashSet<>();
        int sum = 0;
        for (Field item : list.items()) {
            SplitSpec split = split(item);
            sum += split.hundredths();
            splits.add(split);
            ServiceName service = Names.read(item, "service");
            if (!targets.add(service + "/" + split.subset())) {
                item.error(
                        Code.CONTRADICTION,
                        "the same service and subset are there twice",
                        "add the weights up in one split");
            }
        }
        if (splits.isEmpty()) {
            list.reportMissing();
        } else if (sum != SplitterSpec.WHOLE) {
            list.error(
                    Code.WEIGHTS,
                    "the weights sum to " + (double) sum / HUNDREDTHS + " (expected: exactly 100)",
                    "correct the weights");
        }
        return new SplitterSpec(Names.own(root), splits, root.origin());
    }

    static SplitSpec split(Field item) {
        Names.refusePartition(item);
        double weight = item.get("weight").number(0, 101).orElse(0);
        return new SplitSpec(
                hundredths(weight),
                item.get("service").text(""),
                item.get("serviceSubset").text(""),
                item.get("namespace").text(""),
                HeaderChanges.read(item.get("requestHeaders")),
                HeaderChanges.read(item.get("responseHeaders")),
                item.origin());
    }

    /** Hundredths of a percent are the smallest unit. */
    static int hundredths(double percent) {
        return (int) Math.round(percent * HUNDREDTHS);
    }
}
