package io.weft.model.listener;

import io.weft.model.Origin;
import io.weft.model.match.Cidr;
import java.util.List;

/**
 * What happens to traffic for addresses of a network that the mesh does not know.
 *
 * @param network whose addresses are meant
 * @param except parts of it that are not meant
 */
public record OutboundNetwork(
        Cidr network, List<Cidr> except, OutboundPolicy policy, Origin origin) {

    public OutboundNetwork {
        except = List.copyOf(except);
    }

    /** Whether this decides about an address, in the bytes of its family. */
    public boolean covers(byte[] address) {
        return network.contains(address) && except.stream().noneMatch(e -> e.contains(address));
    }
}
