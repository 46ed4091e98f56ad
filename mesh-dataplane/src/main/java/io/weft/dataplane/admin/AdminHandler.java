package io.weft.dataplane.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one request after the other. What changes something must be a POST. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final AdminSettings settings;
    private final AdminView view;
    private final AdminPages pages;
    private final RedactedJson json = new RedactedJson();

    private record Answer(HttpResponseStatus status, String type, String body) {}

    AdminHandler(AdminSettings settings, AdminView view, AdminPages pages) {
        this.settings = settings;
        this.view = view;
        this.pages = pages;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        Answer answer;
        try {
            answer =
                    request.decoderResult().isSuccess()
                            ? answer(request)
                            : text(HttpResponseStatus.BAD_REQUEST, "not readable");
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.method(), request.uri(), e);
            answer = text(HttpResponseStatus.INTERNAL_SERVER_ERROR, "failed, see the log");
        }
        send(context, request, answer);
    }

    private Answer answer(FullHttpRequest request) {
        if (settings.surface() == AdminSurface.ADMIN && !isLocal(request)) {
            // A page in a browser must not reach this by a name that resolves to loopback.
            return text(HttpResponseStatus.FORBIDDEN, "Host: expected localhost or 127.0.0.1");
        }
        if (settings.surface() == AdminSurface.ADMIN && changesFromAPage(request)) {
            // Nor may it change anything from a site of its own.
            return text(HttpResponseStatus.FORBIDDEN, "Origin: expected none");
        }
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        Answer answer =
                switch (settings.surface()) {
                    case ADMIN -> {
                        Answer own = admin(request, uri);
                        Answer health = own != null ? own : health(uri.path());
                        Answer common = health != null ? health : metrics(uri.path());
                        yield common != null ? common : page(request);
                    }
                    case HEALTH -> health(uri.path());
                    case METRICS -> metrics(uri.path());
                };
        return answer != null ? answer : text(HttpResponseStatus.NOT_FOUND, "no such path");
    }

    private @Nullable Answer health(String path) {
        if (!path.equals("/healthz/ready") && !path.equals("/ready")) {
            return null;
        }
        String reason = view.notReady();
        return reason.isEmpty()
                ? text(HttpResponseStatus.OK, "LIVE")
                : text(HttpResponseStatus.SERVICE_UNAVAILABLE, reason);
    }

    private @Nullable Answer metrics(String path) {
        // Scrapers that are told no path ask for /metrics.
        return path.equals("/stats/prometheus") || path.equals("/metrics")
                ? new Answer(HttpResponseStatus.OK, PROMETHEUS, view.scrape())
                : null;
    }

    private @Nullable Answer admin(FullHttpRequest request, QueryStringDecoder uri) {
        return switch (uri.path()) {
            case "/config_dump" -> json(view.configDump());
            case "/listeners" -> json(view.listeners());
            case "/clusters" -> json(view.clusters());
            case "/routes" -> json(view.routes());
            case "/certs" -> json(view.certs());
            case "/logging" -> changing(request, () -> logging(uri));
            case "/drain" ->
                    changing(
                            request,
                            () -> {
                                view.drain();
                                return text(HttpResponseStatus.OK, "draining");
                            });
            case "/quitquitquit" -> changing(request, this::quit);
            default -> null;
        };
    }

    private @Nullable Answer page(FullHttpRequest request) {
        AdminPages.Ask ask =
                new AdminPages.Ask(
                        request.method().name(),
                        request.uri(),
                        request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""),
                        request.content().toString(StandardCharsets.UTF_8));
        return switch (pages.page(ask)) {
            case null -> null;
            case AdminPages.Page.Json(int status, Object value) ->
                    new Answer(HttpResponseStatus.valueOf(status), JSON, json.write(value));
            case AdminPages.Page.Text(int status, String type, String body) ->
                    new Answer(HttpResponseStatus.valueOf(status), type, body);
        };
    }

    private Answer changing(FullHttpRequest request, Supplier<Answer> change) {
        return request.method().equals(HttpMethod.POST)
                ? change.get()
                : text(HttpResponseStatus.METHOD_NOT_ALLOWED, "expected: POST");
    }

    private Answer logging(QueryStringDecoder uri) {
        String level = parameter(uri, "level");
        String logger = parameter(uri, "logger");
        if (level.isEmpty() || !view.logLevel(logger, level)) {
            return text(
                    HttpResponseStatus.BAD_REQUEST,
                    "level: '" + level + "' (expected: trace, debug, info, warn, error or off)");
        }
        return text(HttpResponseStatus.OK, (logger.isEmpty() ? "root" : logger) + ": " + level);
    }

    private Answer quit() {
        if (!settings.quitAllowed()) {
            return text(HttpResponseStatus.FORBIDDEN, "not allowed by the settings");
        }
        view.quit();
        return text(HttpResponseStatus.OK, "OK");
    }

    private static String parameter(QueryStringDecoder uri, String name) {
        List<String> values = uri.parameters().get(name);
        return values == null ? "" : values.getFirst();
    }

    /** Browsers name the page's origin with whatever is no mere look. */
    private static boolean changesFromAPage(FullHttpRequest request) {
        return request.headers().contains(HttpHeaderNames.ORIGIN)
                && !request.method().equals(HttpMethod.GET)
                && !request.method().equals(HttpMethod.HEAD);
    }

    private static boolean isLocal(FullHttpRequest request) {
        String host = request.headers().get(HttpHeaderNames.HOST, "").toLowerCase(Locale.ROOT);
        String name = host.replaceFirst(":\\d{1,5}$", "");
        return name.equals("localhost")
                || name.equals("[::1]")
                || name.matches("127(\\.\\d{1,3}){3}");
    }

    private static Answer text(HttpResponseStatus status, String body) {
        return new Answer(status, TEXT, body + "\n");
    }

    private Answer json(Object value) {
        return new Answer(HttpResponseStatus.OK, JSON, json.write(value));
    }

    private static void send(
            ChannelHandlerContext context, FullHttpRequest request, Answer answer) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        answer.status(),
                        Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        HttpUtil.setContentLength(response, response.content().readableBytes());
        boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
        HttpUtil.setKeepAlive(response, keepAlive);
        if (request.method().equals(HttpMethod.HEAD)) {
            response.content().clear();
        }
        var written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("admin connection failed", cause);
        context.close();
    }
}
