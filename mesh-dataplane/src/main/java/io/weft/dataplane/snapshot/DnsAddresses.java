package io.weft.dataplane.snapshot;

import io.netty.util.NetUtil;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.Resolution;
import io.weft.model.resource.EndpointSet;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of the hosts in endpoint sets that are resolved by DNS: each address is an endpoint
 * of its own, to be balanced, ejected and checked. Hosts are asked again every few seconds (the JVM
 * keeps answers for {@code networkaddress.cache.ttl}); a name that no longer resolves keeps the
 * addresses that it had. Of a host with addresses of both families the IPv4 ones are used.
 * Thread-safe.
 */
public final class DnsAddresses implements AutoCloseable {

    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final Map<String, List<String>> known = new ConcurrentHashMap<>();
    private final Lookup lookup;
    private volatile Set<String> watched = Set.of();
    private @Nullable Thread asking;
    private @Nullable Runnable changed;
    private boolean closed;

    /** Asks for all addresses of a host; blocks. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    public DnsAddresses() {
        this(InetAddress::getAllByName);
    }

    DnsAddresses(Lookup lookup) {
        this.lookup = lookup;
    }

    /** Calls back, on a thread of its own, whenever addresses have changed. */
    public synchronized void onChange(Runnable action) {
        changed = action;
    }

    /** The set with addresses in place of names, as far as they are known. */
    EndpointSet resolved(EndpointSet set) {
        if (set.resolution() != Resolution.DNS) {
            return set;
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (Endpoint endpoint : set.endpoints()) {
            List<String> addresses = known.get(endpoint.address());
            if (addresses == null) {
                endpoints.add(endpoint);
                continue;
            }
            for (String address : addresses) {
                endpoints.add(at(endpoint, address));
            }
        }
        return new EndpointSet(set.name(), set.resolution(), endpoints);
    }

    private static Endpoint at(Endpoint endpoint, String address) {
        return new Endpoint(
                endpoint.id() + "/" + address,
                address,
                endpoint.port(),
                endpoint.identity(),
                endpoint.namespace(),
                endpoint.workload(),
                endpoint.labels(),
                endpoint.locality(),
                endpoint.weight());
    }

    /** Follows the hosts of these sets from now on, and no others. */
    synchronized void follow(List<EndpointSet> sets) {
        Set<String> hosts = ConcurrentHashMap.newKeySet();
        for (EndpointSet set : sets) {
            if (set.resolution() == Resolution.DNS) {
                for (Endpoint endpoint : set.endpoints()) {
                    if (!isAddress(endpoint.address())) {
                        hosts.add(endpoint.address());
                    }
                }
            }
        }
        boolean fresh = !watched.containsAll(hosts);
        watched = Set.copyOf(hosts);
        known.keySet().retainAll(hosts);
        if (closed || hosts.isEmpty()) {
            return;
        }
        if (asking == null) {
            asking = Thread.ofVirtual().name("weft-dns").start(this::ask);
        } else if (fresh) {
            notifyAll();
        }
    }

    private static boolean isAddress(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    private void ask() {
        while (true) {
            boolean news = false;
            for (String host : watched) {
                news |= refresh(host);
            }
            Runnable told;
            synchronized (this) {
                told = closed ? null : changed;
            }
            if (news && told != null) {
                told.run();
            }
            synchronized (this) {
                if (closed) {
                    return;
                }
                try {
                    wait(AGAIN.toMillis());
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    /** Whether the host has other addresses than before. */
    boolean refresh(String host) {
        try {
            List<String> addresses = usable(lookup.all(host));
            return !addresses.equals(known.put(host, addresses));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static List<String> usable(InetAddress[] all) {
        boolean four = Arrays.stream(all).anyMatch(Inet4Address.class::isInstance);
        return Arrays.stream(all)
                .filter(address -> !four || address instanceof Inet4Address)
                .map(InetAddress::getHostAddress)
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
