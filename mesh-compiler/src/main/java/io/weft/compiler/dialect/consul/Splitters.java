package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.route.Filter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All ServiceSplitters by the host of their service. Immutable once made. */
final class Splitters {

    private static final int WHOLE = 10_000;

    /**
     * @param hundredths weight in hundredths of a percent
     */
    record Split(int hundredths, String host, String subset, List<Filter> filters, Origin origin) {}

    /** A splitter. */
    record Splitter(List<Split> splits, Origin origin) {}

    private final Map<String, Splitter> byHost = new HashMap<>();

    @Nullable Splitter get(String host) {
        return byHost.get(host);
    }

    Map<String, Splitter> all() {
        return byHost;
    }

    void add(Field root) {
        String own = Names.own(root);
        Field list = root.get("spec").get("splits");
        List<Split> splits = new ArrayList<>();
        Set<String> targets = new HashSet<>();
        int sum = 0;
        for (Field item : list.items()) {
            String namespace = item.get("namespace").text(root.resource().namespace());
            String service = item.get("service").text("");
            String host = service.isEmpty() ? own : Names.host(service, namespace);
            String subset = item.get("serviceSubset").text("");
            double weight = item.get("weight").number(0, 100).orElse(0);
            int hundredths = (int) Math.round(weight * 100);
            sum += hundredths;
            if (!targets.add(host + "/" + subset)) {
                item.error(
                        Code.CONTRADICTION,
                        "the same service and subset are there twice",
                        "add the weights up in one split");
            }
            List<Filter> filters = new ArrayList<>();
            HeaderChanges.read(item, filters);
            if (hundredths > 0) {
                splits.add(new Split(hundredths, host, subset, filters, item.origin()));
            }
        }
        if (sum != WHOLE) {
            list.error(
                    Code.WEIGHTS,
                    "the weights sum to " + sum / 100.0 + " (expected: exactly 100)",
                    "correct the weights");
        }
        byHost.putIfAbsent(own, new Splitter(splits, root.origin()));
    }
}
