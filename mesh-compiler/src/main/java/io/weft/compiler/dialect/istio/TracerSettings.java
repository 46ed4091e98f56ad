package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.List;

/** Receivers of spans, as the mesh configuration declares them: all get OTLP or nothing. */
final class TracerSettings {

    private static final String SETTING = "weft.mesh.tracing.otlp-endpoint";
    private static final int PATH_TAG = 256;

    private TracerSettings() {}

    /** {@code defaultConfig.tracing}, apart from sampling and tags. */
    static void ofProxy(Field tracing) {
        tagLength(tracing.get("maxPathTagLength"));
        for (String tracer : List.of("zipkin", "lightstep", "datadog", "openCensusAgent")) {
            Field settings = tracing.get(tracer);
            if (settings.isPresent()) {
                instead(settings, tracer, settings.get("address").text(""));
            }
        }
        tracing.accept();
    }

    /** One of {@code extensionProviders}; nothing where it is no tracer. */
    static void ofProvider(Field item) {
        for (String tracer :
                List.of("zipkin", "lightstep", "datadog", "skywalking", "opencensus")) {
            Field settings = item.get(tracer);
            if (settings.isPresent()) {
                tagLength(settings.get("maxTagLength"));
                instead(settings, tracer, address(settings));
            }
        }
        Field otel = item.get("opentelemetry");
        if (otel.isPresent()) {
            String address = address(otel);
            otel.info(
                    Code.UNDERSTOOD,
                    "understood as a receiver of OTLP"
                            + (address.isEmpty() ? "" : " at " + address)
                            + "; spans go where "
                            + SETTING
                            + " of the proxies points, over HTTP (port 4318, not gRPC's 4317)");
        }
    }

    private static String address(Field settings) {
        String port = settings.get("port").loose().orElse("");
        return settings.get("service").text("") + (port.isEmpty() ? "" : ":" + port);
    }

    private static void tagLength(Field length) {
        if (length.integer(0, Integer.MAX_VALUE, PATH_TAG) != PATH_TAG) {
            length.unsupported("the path of a span's URL is cut at " + PATH_TAG + " characters");
        }
    }

    private static void instead(Field field, String kind, String address) {
        field.warn(
                Code.UNSUPPORTED_FIELD,
                "spans are not sent in the format of "
                        + kind
                        + (address.isEmpty() ? "" : " to " + address)
                        + ", but over OTLP/HTTP",
                "point "
                        + SETTING
                        + " of the proxies at an OTLP receiver, as http://HOST:4318: Jaeger is one,"
                        + " an OpenTelemetry collector passes on to "
                        + kind);
    }
}
