package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.route.Fraction;
import io.weft.model.telemetry.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An item of a Telemetry resource's {@code tracing}; null leaves a setting to what was said before.
 *
 * @param client whether it holds for calls that the workload makes
 * @param server whether it holds for those that it answers
 */
record TracingRule(
        boolean client,
        boolean server,
        @Nullable Boolean disabled,
        @Nullable Fraction sampling,
        @Nullable List<Tracing.CustomTag> tags,
        @Nullable Boolean istioTags) {

    static TracingRule read(Field item) {
        // Spans go where the proxy's OTLP exporter is pointed; the name only documents it.
        item.get("providers").items().forEach(p -> p.get("name").text());
        // Request ids of other proxies decide on nothing in this mesh.
        item.get("useRequestIdForTraceSampling").accept();
        item.get("disableContextPropagation").unsupported("trace headers are always passed on");
        Field mode = item.get("match").get("mode");
        String side = mode.text("CLIENT_AND_SERVER");
        if (!Set.of("CLIENT", "SERVER", "CLIENT_AND_SERVER", "UNDEFINED").contains(side)) {
            mode.reportValue(side, "CLIENT, SERVER, CLIENT_AND_SERVER");
        }
        Field off = item.get("disableSpanReporting");
        Field percentage = item.get("randomSamplingPercentage");
        Field custom = item.get("customTags");
        Field istio = item.get("enableIstioTags");
        return new TracingRule(
                !side.equals("SERVER"),
                !side.equals("CLIENT"),
                off.isPresent() ? off.bool(false) : null,
                percentage.isPresent()
                        ? Fraction.ofPercent(percentage.number(0, 100).orElse(0))
                        : null,
                custom.isPresent() ? tags(custom) : null,
                istio.isPresent() ? istio.bool(true) : null);
    }

    /** One direction's tracing after these rules. */
    static Tracing over(Tracing wider, List<TracingRule> rules, boolean inbound) {
        Tracing result = wider;
        for (TracingRule rule : rules) {
            result = (inbound ? rule.server : rule.client) ? rule.over(result) : result;
        }
        return result;
    }

    private Tracing over(Tracing wider) {
        return new Tracing(
                disabled == null ? wider.enabled() : !disabled,
                sampling == null ? wider.sampling() : sampling,
                tags == null ? wider.tags() : tags,
                istioTags == null ? wider.istioTags() : istioTags);
    }

    static List<Tracing.CustomTag> tags(Field customTags) {
        List<Tracing.CustomTag> tags = new ArrayList<>();
        customTags
                .entries()
                .forEach((name, tag) -> {
                    Tracing.CustomTag read = tag(name, tag);
                    if (read == null) {
                        tag.error(
                                Code.MISSING_FIELD,
                                "does not say where the value of '" + name + "' comes from",
                                "write literal, header, environment or formatter");
                    } else {
                        tags.add(read);
                    }
                });
        return tags;
    }

    private static Tracing.@Nullable CustomTag tag(String name, Field tag) {
        Field literal = tag.get("literal");
        Field header = tag.get("header");
        Field environment = tag.get("environment");
        Field formatter = tag.get("formatter");
        if (literal.isPresent()) {
            return new Tracing.CustomTag.Literal(name, literal.get("value").text(""));
        }
        if (header.isPresent()) {
            return new Tracing.CustomTag.Header(
                    name,
                    header.get("name").required().toLowerCase(Locale.ROOT),
                    header.get("defaultValue").text(""));
        }
        if (environment.isPresent()) {
            return new Tracing.CustomTag.Environment(
                    name,
                    environment.get("name").required(),
                    environment.get("defaultValue").text(""));
        }
        return formatter.isPresent()
                ? new Tracing.CustomTag.Formatted(name, formatter.get("value").required())
                : null;
    }
}
