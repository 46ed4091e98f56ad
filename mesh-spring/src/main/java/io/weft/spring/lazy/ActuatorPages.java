package io.weft.spring.lazy;

import io.weft.dataplane.admin.AdminPages;
import io.weft.dataplane.assembly.MeshProxy;
import io.weft.spring.actuate.MeshEndpoint;
import io.weft.spring.actuate.MeshHealthIndicator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * {@code /actuator} on the proxy's own administration port. What the proxy knows itself is answered
 * without Spring; whatever else is asked for starts it, and is asked of its actuator.
 */
final class ActuatorPages implements AdminPages {

    private static final String ROOT = "/actuator";
    private static final String HEALTH = ROOT + "/health";
    private static final String MESH = ROOT + "/mesh";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;

    private final MeshEndpoint mesh;
    private final MeshHealthIndicator health;
    private final GatewayContext gateway;

    ActuatorPages(MeshProxy proxy, GatewayContext gateway) {
        this.mesh = new MeshEndpoint(() -> proxy.plane().view(), proxy::certificates);
        this.health = new MeshHealthIndicator(() -> proxy.plane().view());
        this.gateway = gateway;
    }

    @Override
    public @Nullable Page page(Ask ask) {
        String path = ask.path();
        if (!path.equals(ROOT) && !path.startsWith(ROOT + "/")) {
            return null;
        }
        if (ask.method().equals("GET")) {
            if (path.equals(MESH)) {
                return new Page.Json(OK, mesh.mesh());
            }
            if (path.startsWith(MESH + "/")) {
                return part(path.substring(MESH.length() + 1));
            }
            if (gateway.started() == null && isHealth(path)) {
                return health(path.equals(HEALTH));
            }
        }
        return relayed(ask);
    }

    private Page part(String name) {
        Object part = mesh.part(name);
        return part == null
                ? new Page.Json(NOT_FOUND, Map.of("error", "no such part: " + name))
                : new Page.Json(OK, part);
    }

    private static boolean isHealth(String path) {
        return path.equals(HEALTH)
                || path.equals(HEALTH + "/liveness")
                || path.equals(HEALTH + "/readiness");
    }

    /** In the form of Spring's own, where the mesh is the only component there is. */
    private Page health(boolean details) {
        Health now = health.health();
        String status = now.getStatus().getCode();
        int code = now.getStatus().equals(Status.UP) ? OK : UNAVAILABLE;
        return new Page.Json(
                code,
                details
                        ? Map.of(
                                "status",
                                status,
                                "components",
                                Map.of(
                                        "mesh",
                                        Map.of("status", status, "details", now.getDetails())))
                        : Map.of("status", status));
    }

    private Page relayed(Ask ask) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(gateway.actuator() + ask.uri()))
                            .timeout(PATIENCE)
                            .method(ask.method(), HttpRequest.BodyPublishers.ofString(ask.body()));
            if (!ask.contentType().isEmpty()) {
                request.header("content-type", ask.contentType());
            }
            HttpResponse<String> answer =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Page.Text(
                    answer.statusCode(),
                    answer.headers().firstValue("content-type").orElse("text/plain"),
                    answer.body());
        } catch (IOException e) {
            return new Page.Text(BAD_GATEWAY, "text/plain", "actuator: " + e.getMessage() + "\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Page.Text(UNAVAILABLE, "text/plain", "interrupted\n");
        }
    }
}
