package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.Map;

/** Kinds of Consul that are known and not enforced, with what to do instead. */
final class OtherKinds {

    private record Advice(String consequence, String mend) {}

    private static final Map<String, Advice> ADVICE =
            Map.ofEntries(
                    Map.entry(
                            "TerminatingGateway",
                            new Advice(
                                    "its services are not called through a gateway",
                                    "declare them by ServiceEntry, with TLS in a DestinationRule;"
                                            + " an egress gateway takes them by a VirtualService")),
                    Map.entry(
                            "ExportedServices",
                            new Advice(
                                    "no service is exported: peers call through their own trust",
                                    "say by ServiceIntentions with peer who may call")),
                    Map.entry(
                            "APIGateway",
                            new Advice(
                                    "the configuration entry is not served",
                                    "use a Gateway of gateway.networking.k8s.io")),
                    Map.entry(
                            "HTTPRoute",
                            new Advice(
                                    "the configuration entry is not served",
                                    "use an HTTPRoute of gateway.networking.k8s.io")),
                    Map.entry(
                            "TCPRoute",
                            new Advice(
                                    "the configuration entry is not served",
                                    "use a TCPRoute of gateway.networking.k8s.io")),
                    Map.entry(
                            "InlineCertificate",
                            new Advice(
                                    "its certificate is not used",
                                    "put it into a TLS Secret, and keep the key out of Git")),
                    Map.entry(
                            "ControlPlaneRequestLimit",
                            new Advice("Consul's servers, which it limits, are not there", "")),
                    Map.entry(
                            "GatewayClassConfig",
                            new Advice(
                                    "gateways are deployed by their own manifests",
                                    "use the chart's gateway values")),
                    Map.entry(
                            "GatewayPolicy",
                            new Advice(
                                    "its tokens are not checked",
                                    "use a RequestAuthentication for the gateway")),
                    Map.entry(
                            "RouteAuthFilter",
                            new Advice(
                                    "its tokens are not checked",
                                    "use an AuthorizationPolicy for the gateway")),
                    Map.entry(
                            "RouteRetryFilter",
                            new Advice("nothing is retried by it", "use retry of the HTTPRoute")),
                    Map.entry(
                            "RouteTimeoutFilter",
                            new Advice(
                                    "no time is limited by it", "use timeouts of the HTTPRoute")),
                    Map.entry(
                            "Registration",
                            new Advice(
                                    "services outside are not registered by it",
                                    "declare a ServiceEntry")));

    private OtherKinds() {}

    static void report(Field root) {
        String kind = root.resource().kind();
        Advice advice = ADVICE.get(kind);
        if (advice == null) {
            root.error(
                    Code.UNKNOWN_KIND,
                    "no kind of consul.hashicorp.com",
                    "check the spelling of kind");
            return;
        }
        root.accept();
        root.warn(Code.NOT_ENFORCED, "read, but not enforced: " + advice.consequence, advice.mend);
    }
}
