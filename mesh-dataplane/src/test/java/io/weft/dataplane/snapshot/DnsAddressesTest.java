package io.weft.dataplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.Await;
import io.weft.model.Locality;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.Resolution;
import io.weft.model.resource.EndpointSet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DnsAddressesTest {

    private final Map<String, List<String>> zone = new ConcurrentHashMap<>();
    private final DnsAddresses dns = new DnsAddresses(this::lookup);

    private InetAddress[] lookup(String host) throws UnknownHostException {
        List<String> addresses = zone.get(host);
        if (addresses == null) {
            throw new UnknownHostException(host);
        }
        return addresses.stream().map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
    }

    private static EndpointSet set(Resolution resolution, String... hosts) {
        return new EndpointSet(
                "s:80",
                resolution,
                java.util.Arrays.stream(hosts)
                        .map(host ->
                                new Endpoint(
                                        "id-" + host,
                                        host,
                                        80,
                                        null,
                                        "ns",
                                        "w",
                                        Map.of(),
                                        Locality.UNKNOWN,
                                        1))
                        .toList());
    }

    private List<String> addresses(EndpointSet set) {
        return dns.resolved(set).endpoints().stream().map(Endpoint::address).toList();
    }

    @Test
    void everyAddressOfAHostIsAnEndpointOfItsOwn() {
        zone.put("api.example", List.of("10.0.0.2", "10.0.0.1", "fd00::1"));
        EndpointSet set = set(Resolution.DNS, "api.example", "10.9.9.9");
        assertThat(addresses(set)).containsExactly("api.example", "10.9.9.9");
        assertThat(dns.refresh("api.example")).isTrue();
        assertThat(dns.refresh("api.example")).isFalse();
        assertThat(addresses(set)).containsExactly("10.0.0.1", "10.0.0.2", "10.9.9.9");
        assertThat(dns.resolved(set).endpoints().stream().map(Endpoint::id).distinct()).hasSize(3);
    }

    @Test
    void aHostThatNoLongerResolvesKeepsWhatItHad() {
        zone.put("api.example", List.of("10.0.0.1"));
        dns.refresh("api.example");
        zone.clear();
        assertThat(dns.refresh("api.example")).isFalse();
        assertThat(addresses(set(Resolution.DNS, "api.example"))).containsExactly("10.0.0.1");
    }

    @Test
    void oneAddressAtATimeStaysAName() {
        zone.put("api.example", List.of("10.0.0.1"));
        dns.refresh("api.example");
        assertThat(addresses(set(Resolution.DNS_ROUND_ROBIN, "api.example")))
                .containsExactly("api.example");
    }

    @Test
    void changesAreToldWhileAHostIsFollowed() {
        zone.put("api.example", List.of("10.0.0.1"));
        AtomicInteger told = new AtomicInteger();
        dns.onChange(told::incrementAndGet);
        dns.follow(List.of(set(Resolution.DNS, "api.example")));
        Await.until("it is told", () -> told.get() == 1);
        assertThat(addresses(set(Resolution.DNS, "api.example"))).containsExactly("10.0.0.1");
        dns.close();
    }
}
