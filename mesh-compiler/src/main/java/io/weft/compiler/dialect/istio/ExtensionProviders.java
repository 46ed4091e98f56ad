package io.weft.compiler.dialect.istio;

import io.weft.compiler.yaml.Field;
import io.weft.model.listener.ExternalAuthorizer;
import io.weft.model.telemetry.AccessLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The {@code extensionProviders} of the mesh configuration: who is asked for consent, and where
 * logs and metrics go. Of one name the first holds. For one compilation.
 */
final class ExtensionProviders {

    /** What a proxy keeps of a body in memory while it is checked. */
    private static final int MAX_CHECKED_BODY = 16 << 20;

    private final String rootNamespace;
    private final Map<String, ExternalAuthorizer> authorizers = new LinkedHashMap<>();
    private final Map<String, TelemetryReader.LogProvider> logs = new LinkedHashMap<>();
    private final Set<String> notPrometheus = new HashSet<>();

    ExtensionProviders(String rootNamespace) {
        this.rootNamespace = rootNamespace;
    }

    List<ExternalAuthorizer> authorizers() {
        return List.copyOf(authorizers.values());
    }

    Set<String> authorizerNames() {
        return new TreeSet<>(authorizers.keySet());
    }

    /** Where an access log of this provider goes; null where it is none. */
    TelemetryReader.@Nullable LogProvider log(String name) {
        return logs.get(name);
    }

    /** What the meaning of a Telemetry resource depends on. */
    Object given() {
        return List.of(Map.copyOf(logs), Set.copyOf(notPrometheus));
    }

    /** Whether a provider of metrics is the one that proxies are scraped by. */
    boolean isPrometheus(String name) {
        return !notPrometheus.contains(name);
    }

    void add(Field item) {
        String name = item.get("name").required();
        Field http = item.get("envoyExtAuthzHttp");
        Field grpc = item.get("envoyExtAuthzGrpc");
        Field file = item.get("envoyFileAccessLog");
        Field otel = item.get("envoyOtelAls");
        if (http.isPresent()) {
            authorizers.putIfAbsent(name, authorizer(name, http, false));
        } else if (grpc.isPresent()) {
            authorizers.putIfAbsent(name, authorizer(name, grpc, true));
        } else if (file.isPresent()) {
            file.get("path").text();
            logs.putIfAbsent(name, format(TelemetryReader.STDOUT, file.get("logFormat")));
        } else if (otel.isPresent()) {
            otel.accept();
            logs.putIfAbsent(name, format(TelemetryReader.OTEL, otel.get("logFormat")));
        } else {
            // Tracers and metric back-ends: the proxy exports OTLP and Prometheus wherever it is
            // told.
            if (!item.has("prometheus")) {
                notPrometheus.add(name);
            }
            TracerSettings.ofProvider(item);
            item.accept();
        }
    }

    private static TelemetryReader.LogProvider format(String destination, Field format) {
        AccessLog.Format written = format.isPresent() ? TelemetryReader.format(format) : null;
        return new TelemetryReader.LogProvider(
                destination,
                written == null
                        ? new AccessLog.Format.Text(TelemetryReader.DEFAULT_LINE)
                        : written);
    }

    private ExternalAuthorizer authorizer(String name, Field field, boolean grpc) {
        String service = field.get("service").required();
        String host = service.substring(service.indexOf('/') + 1);
        int port = field.get("port").integer(1, 65535, grpc ? 9000 : 8000);
        List<String> headers =
                new ArrayList<>(field.get("includeRequestHeadersInCheck").textItems());
        headers.addAll(field.get("includeHeadersInCheck").textItems());
        Map<String, String> additional = new TreeMap<>();
        field.get("includeAdditionalHeadersInCheck")
                .texts()
                .forEach((header, value) -> additional.put(header.toLowerCase(Locale.ROOT), value));
        Field body = field.get("includeRequestBodyInCheck");
        return new ExternalAuthorizer(
                name,
                grpc,
                qualify(host) + ":" + port,
                field.get("timeout").duration().orElse(Duration.ofMinutes(10)),
                field.get("failOpen").bool(false),
                field.get("statusOnError")
                        .loose()
                        .filter(status -> status.matches("[1-5][0-9][0-9]"))
                        .map(Integer::parseInt)
                        .orElse(403),
                field.get("pathPrefix").text(""),
                lower(headers),
                additional,
                lower(field.get("headersToUpstreamOnAllow").textItems()),
                lower(field.get("headersToDownstreamOnDeny").textItems()),
                lower(field.get("headersToDownstreamOnAllow").textItems()),
                body.get("maxRequestBytes").integer(0, MAX_CHECKED_BODY, 0),
                body.get("allowPartialMessage").bool(false),
                body.get("packAsBytes").bool(false),
                field.get("clearRouteCache").bool(false));
    }

    private static List<String> lower(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /** Providers name services by {@code name.namespace} as well. */
    private String qualify(String host) {
        String[] labels = host.split("\\.", -1);
        return switch (labels.length) {
            case 1 -> IstioHosts.qualify(host, rootNamespace);
            case 2 -> IstioHosts.qualify(labels[0], labels[1]);
            default -> IstioHosts.qualify(host, rootNamespace);
        };
    }
}
