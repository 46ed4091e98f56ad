package io.weft.dataplane.telemetry;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Envoy's command operators about TLS, by side ({@code DOWNSTREAM}, {@code UPSTREAM}) and name. */
final class TlsOperators {

    private static final String DOWNSTREAM = "DOWNSTREAM_";
    private static final String UPSTREAM = "UPSTREAM_";
    private static final long MICROS_PER_MILLI = 1_000;

    private static final Map<String, Function<TlsFacts, String>> FACTS =
            Map.ofEntries(
                    Map.entry("TLS_VERSION", TlsFacts::version),
                    Map.entry("TLS_CIPHER", TlsFacts::cipher),
                    Map.entry("TLS_SESSION_ID", TlsFacts::sessionId),
                    Map.entry("PEER_SUBJECT", TlsFacts::peerSubject),
                    Map.entry("PEER_ISSUER", TlsFacts::peerIssuer),
                    Map.entry("PEER_SERIAL", TlsFacts::peerSerial),
                    Map.entry("PEER_FINGERPRINT_256", TlsFacts::peerDigest),
                    Map.entry("PEER_FINGERPRINT_1", tls -> tls.digest("SHA-1")),
                    Map.entry("PEER_CERT", TlsFacts::peerPem),
                    Map.entry("PEER_DNS_SAN", TlsFacts::peerDnsNames),
                    Map.entry("PEER_IP_SAN", TlsFacts::peerIpAddresses),
                    Map.entry("LOCAL_SUBJECT", TlsFacts::localSubject),
                    Map.entry("LOCAL_DNS_SAN", TlsFacts::localDnsNames));

    private TlsOperators() {}

    /** Null when there is no such operator. */
    static @Nullable LogValue find(String name, String argument) {
        Function<ExchangeView, TlsFacts> side;
        String fact;
        if (name.startsWith(DOWNSTREAM)) {
            side = ExchangeView::downstreamTls;
            fact = name.substring(DOWNSTREAM.length());
        } else if (name.startsWith(UPSTREAM)) {
            side = ExchangeView::upstreamTls;
            fact = name.substring(UPSTREAM.length());
        } else {
            return null;
        }
        if (fact.equals("PEER_CERT_V_START")) {
            return time(argument, e -> side.apply(e).peerValidFrom());
        }
        if (fact.equals("PEER_CERT_V_END")) {
            return time(argument, e -> side.apply(e).peerValidTo());
        }
        Function<TlsFacts, String> known = FACTS.get(fact);
        return known == null
                ? null
                : e -> {
                    String value = known.apply(side.apply(e));
                    return value.isEmpty() ? null : value;
                };
    }

    private static LogValue time(String argument, Function<ExchangeView, Long> millis) {
        StrftimeFormat format =
                StrftimeFormat.compile(argument.isEmpty() ? "%b %e %H:%M:%S %Y GMT" : argument);
        return e -> {
            long at = millis.apply(e);
            return at < 0 ? null : format.format(at * MICROS_PER_MILLI);
        };
    }
}
