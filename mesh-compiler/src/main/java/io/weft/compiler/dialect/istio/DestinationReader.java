package io.weft.compiler.dialect.istio;

import io.weft.compiler.dialect.Target;
import io.weft.compiler.yaml.Field;
import io.weft.model.route.Filter;
import java.util.List;

/** {@code Destination}. */
final class DestinationReader {

    private DestinationReader() {}

    /** The target; {@code holder} is the line that it is said to come from. */
    static Target read(Field destination, int weight, List<Filter> filters, Field holder) {
        String host = destination.get("host").required();
        return new Target(
                IstioHosts.qualify(host, destination.resource().namespace()),
                destination.get("port").get("number").integer(1, 65535, 0),
                destination.get("subset").text(""),
                weight,
                filters,
                holder.origin());
    }
}
