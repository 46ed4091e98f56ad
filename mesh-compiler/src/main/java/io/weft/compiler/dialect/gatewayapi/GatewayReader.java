package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.LabelSelector;
import io.weft.compiler.status.ResourceStatus;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.listener.GatewayServer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gateways and their classes. */
final class GatewayReader {

    private static final String OUR_CLASS = "weft";
    private static final String OUR_CONTROLLER = "weft.io/gateway-controller";

    private final Set<String> classes = new HashSet<>(Set.of(OUR_CLASS));
    private final ReferenceGrants grants;

    private final List<ResourceStatus> classStatuses = new ArrayList<>();

    GatewayReader(ReferenceGrants grants) {
        this.grants = grants;
    }

    /** Takes a GatewayClass; one that names our controller is ours by whatever name. */
    void gatewayClass(Field root) {
        Field spec = root.get("spec");
        String controller = spec.get("controllerName").required();
        spec.get("description").accept();
        spec.get("parametersRef").unsupported("gateways of this class have no parameters");
        if (controller.equals(OUR_CONTROLLER)) {
            classes.add(root.resource().name());
            classStatuses.add(StatusWriter.gatewayClass(root.resource()));
        } else if (root.resource().name().equals(OUR_CLASS)) {
            spec.get("controllerName").reportValue(controller, OUR_CONTROLLER);
        }
    }

    List<ResourceStatus> classStatuses() {
        return classStatuses;
    }

    /** Reads a Gateway; empty when another controller serves it. */
    Optional<GatewaySpec> read(Field root) {
        RawResource resource = root.resource();
        Field spec = root.get("spec");
        String className = spec.get("gatewayClassName").required();
        if (!classes.contains(className)) {
            root.accept();
            root.info(
                    Code.IGNORED_KIND,
                    "ignored: class "
                            + className
                            + " is another controller's (expected: "
                            + String.join(", ", classes.stream().sorted().toList())
                            + ")");
            return Optional.empty();
        }
        spec.unsupported("the gateway's workload decides where it listens", "addresses");
        spec.unsupported("who deploys the gateway applies it", "infrastructure");
        spec.unsupported("listeners stand in the Gateway itself", "allowedListeners");
        clientValidation(spec.get("tls"));
        List<ListenerSpec> listeners = new ArrayList<>();
        for (Field listener : spec.get("listeners").items()) {
            listener(listener).ifPresent(listeners::add);
        }
        if (listeners.isEmpty() && spec.get("listeners").items().isEmpty()) {
            spec.get("listeners").reportMissing();
        }
        return Optional.of(
                new GatewaySpec(
                        resource.namespace(),
                        resource.name(),
                        conflicts(listeners, spec.get("listeners")),
                        generation(resource),
                        root.origin()));
    }

    static long generation(RawResource resource) {
        String text = resource.peek("metadata", "generation");
        return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /** To ignore it would let in whom it keeps out. */
    private static void clientValidation(Field tls) {
        tls.get("backend").unsupported("backends see the mesh's own certificate");
        if (tls.get("frontend").isPresent()) {
            tls.get("frontend")
                    .accept()
                    .error(
                            Code.NOT_ENFORCED,
                            "client certificates are not validated through this field",
                            "use a Gateway of networking.istio.io with tls.mode MUTUAL");
        }
    }

    private Optional<ListenerSpec> listener(Field listener) {
        String name = listener.get("name").required();
        int port = listener.get("port").integer(1, 65535, 0);
        if (port == 0 && !listener.get("port").isPresent()) {
            listener.get("port").reportMissing();
        }
        Optional<GatewayServer.Protocol> protocol = protocol(listener.get("protocol"));
        String hostname = Hostnames.read(listener.get("hostname"));
        Field tls = listener.get("tls");
        boolean passthrough = passthrough(tls.get("mode"));
        List<Flaw> flaws = new ArrayList<>();
        List<String> certificates = certificates(tls, flaws);
        tls.get("options").unsupported("TLS versions are 1.2 and 1.3");
        if (tls.get("frontendValidation").isPresent()) {
            tls.get("frontendValidation")
                    .accept()
                    .error(
                            Code.NOT_ENFORCED,
                            "client certificates are not validated through this field",
                            "use a Gateway of networking.istio.io with tls.mode MUTUAL");
        }
        Field allowed = listener.get("allowedRoutes");
        String from = from(allowed.get("namespaces").get("from"));
        Field selector = allowed.get("namespaces").get("selector");
        LabelSelector labels = selector.isPresent() ? LabelSelector.read(selector) : null;
        if (port == 0 || protocol.isEmpty()) {
            allowed.accept();
            return Optional.empty();
        }
        boolean secured =
                protocol.get() == GatewayServer.Protocol.HTTPS
                        || protocol.get() == GatewayServer.Protocol.TLS;
        if (secured && !passthrough && !tls.get("certificateRefs").isPresent()) {
            tls.get("certificateRefs").reportMissing();
        }
        Set<RouteKind> kinds = kinds(allowed.get("kinds"), protocol.get(), passthrough, flaws);
        return Optional.of(
                new ListenerSpec(
                        name,
                        port,
                        protocol.get(),
                        hostname.isEmpty() ? Hostnames.ANY : hostname,
                        passthrough,
                        certificates,
                        kinds,
                        from,
                        labels,
                        flaws,
                        listener.origin()));
    }

    private static String from(Field field) {
        String from = field.text("Same");
        if (!Set.of("Same", "All", "Selector", "None").contains(from)) {
            field.reportValue(from, "Same, All, Selector, None");
        }
        return from;
    }

    private static Optional<GatewayServer.Protocol> protocol(Field field) {
        String text = field.required();
        return switch (text) {
            case "HTTP" -> Optional.of(GatewayServer.Protocol.HTTP);
            case "HTTPS" -> Optional.of(GatewayServer.Protocol.HTTPS);
            case "TLS" -> Optional.of(GatewayServer.Protocol.TLS);
            case "TCP" -> Optional.of(GatewayServer.Protocol.TCP);
            case "" -> Optional.empty();
            case "UDP" -> {
                field.warn(
                        Code.NOT_ENFORCED,
                        "UDP bypasses the mesh: the listener is not served",
                        "remove it");
                yield Optional.empty();
            }
            default -> {
                field.reportValue(text, "HTTP, HTTPS, TLS, TCP");
                yield Optional.empty();
            }
        };
    }

    private static boolean passthrough(Field mode) {
        String text = mode.text("Terminate");
        if (!text.equals("Terminate") && !text.equals("Passthrough")) {
            mode.reportValue(text, "Terminate, Passthrough");
        }
        return text.equals("Passthrough");
    }

    private List<String> certificates(Field tls, List<Flaw> flaws) {
        List<String> names = new ArrayList<>();
        for (Field item : tls.get("certificateRefs").items()) {
            ObjectRef ref = ObjectRef.read(item, "Secret");
            if (!ref.kind().equals("Secret") || !ref.group().isEmpty()) {
                flaw(flaws, item, "InvalidCertificateRef", ref.describe() + " is not a Secret");
            } else if (!grants.permit("Gateway", item.resource().namespace(), ref)) {
                flaw(
                        flaws,
                        item,
                        "RefNotPermitted",
                        "no ReferenceGrant in "
                                + ref.namespace()
                                + " lets Gateways of "
                                + item.resource().namespace()
                                + " refer to "
                                + ref.describe());
            } else {
                names.add(ref.namespace() + "/" + ref.name());
            }
        }
        return names;
    }

    private static void flaw(List<Flaw> flaws, Field at, String reason, String message) {
        flaws.add(new Flaw("ResolvedRefs", reason, message));
        at.warn(
                Code.DANGLING_REFERENCE,
                message + " (" + reason + ")",
                reason.equals("RefNotPermitted")
                        ? "create a ReferenceGrant there"
                        : "refer to something that the listener supports");
    }

    private static Set<RouteKind> kinds(
            Field kinds, GatewayServer.Protocol protocol, boolean passthrough, List<Flaw> flaws) {
        Set<RouteKind> fitting = EnumSet.noneOf(RouteKind.class);
        for (RouteKind kind : RouteKind.values()) {
            if (kind.fits(protocol, passthrough)) {
                fitting.add(kind);
            }
        }
        if (kinds.items().isEmpty()) {
            return fitting;
        }
        Set<RouteKind> chosen = EnumSet.noneOf(RouteKind.class);
        for (Field item : kinds.items()) {
            String group = item.get("group").text(GatewayApiDialect.GROUP);
            String title = item.get("kind").required();
            Optional<RouteKind> kind =
                    group.equals(GatewayApiDialect.GROUP)
                            ? RouteKind.of(title).filter(fitting::contains)
                            : Optional.empty();
            if (kind.isPresent()) {
                chosen.add(kind.get());
            } else {
                flaw(
                        flaws,
                        item,
                        "InvalidRouteKinds",
                        "'" + title + "' is no kind of route for a listener of " + protocol);
            }
        }
        return chosen;
    }

    /** Of listeners that cannot share a port, the first keeps it. */
    private static List<ListenerSpec> conflicts(List<ListenerSpec> listeners, Field field) {
        Map<Integer, ListenerSpec> first = new HashMap<>();
        Map<String, ListenerSpec> hosts = new HashMap<>();
        Set<String> names = new HashSet<>();
        List<ListenerSpec> checked = new ArrayList<>();
        for (ListenerSpec listener : listeners) {
            ListenerSpec holder = first.putIfAbsent(listener.port(), listener);
            String host = listener.port() + " " + listener.hostname();
            Flaw flaw = null;
            if (!names.add(listener.name())) {
                flaw = new Flaw("Conflicted", "NameConflict", "two listeners have this name");
            } else if (holder != null && !holder.bindKind().equals(listener.bindKind())) {
                flaw =
                        new Flaw(
                                "Conflicted",
                                "ProtocolConflict",
                                "listener "
                                        + holder.name()
                                        + " speaks "
                                        + holder.protocol()
                                        + " on port "
                                        + listener.port()
                                        + " already");
            } else if (hosts.putIfAbsent(host, listener) != null) {
                flaw =
                        new Flaw(
                                "Conflicted",
                                "HostnameConflict",
                                "another listener of port "
                                        + listener.port()
                                        + " has the same host name");
            }
            if (flaw != null) {
                field.warn(
                        Code.CONTRADICTION,
                        "listener "
                                + listener.name()
                                + " (line "
                                + listener.origin().line()
                                + ") is not served: "
                                + flaw.message(),
                        "give it a port, host name or name of its own");
            }
            checked.add(flaw == null ? listener : listener.with(flaw));
        }
        return checked;
    }
}
