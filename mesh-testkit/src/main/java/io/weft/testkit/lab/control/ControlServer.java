package io.weft.testkit.lab.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.mesh.LabProblem;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control API over HTTP on a free port of loopback. Thread-safe. */
public final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int MAX_BODY = 64 << 20;

    /** As Prometheus reads it. */
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final ControlApi api;
    private final Scrapes scrapes;
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(
                    1,
                    new DefaultThreadFactory("weft-lab-control", true),
                    NioIoHandler.newFactory());
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listener;

    public ControlServer(ControlApi api, Scrapes scrapes) {
        this.api = api;
        this.scrapes = scrapes;
        this.listener =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        connections.add(channel);
                                        channel.pipeline()
                                                .addLast(new HttpServerCodec())
                                                .addLast(new HttpServerExpectContinueHandler())
                                                .addLast(new HttpObjectAggregator(MAX_BODY))
                                                .addLast(new Dispatcher());
                                    }
                                })
                        .bind(new InetSocketAddress("127.0.0.1", 0))
                        .syncUninterruptibly()
                        .channel();
    }

    /** For example {@code http://127.0.0.1:40123}. */
    public String uri() {
        return "http://127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        workers.shutdownNow();
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private record Call(String method, String path, String body) {
        Call {
            int query = path.indexOf('?');
            path = query < 0 ? path : path.substring(0, query);
        }

        <T> T as(Class<T> type) {
            return Json.read(body, type);
        }
    }

    /** An answer; a body that is no metrics is written as JSON. */
    private record Reply(int status, Object body) {
        String type() {
            return body instanceof Scrapes.Metrics ? METRICS : "application/json";
        }

        byte[] bytes() {
            return body instanceof Scrapes.Metrics(String text)
                    ? text.getBytes(StandardCharsets.UTF_8)
                    : Json.MAPPER.writeValueAsBytes(body);
        }
    }

    private Reply answer(Call call) {
        try {
            return dispatch(call);
        } catch (LabProblem problem) {
            return new Reply(400, Map.of("error", problem.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", call.method(), call.path(), e);
            return new Reply(500, Map.of("error", String.valueOf(e)));
        }
    }

    private Reply dispatch(Call call) {
        return switch (call.method() + " " + call.path()) {
            case "GET /" -> new Reply(200, api.overview());
            case "GET /targets" -> new Reply(200, scrapes.targets(uri()));
            case "GET /stats/prometheus" -> new Reply(200, scrapes.controlPlane());
            case "POST /request" -> new Reply(200, api.request(call.as(RequestOrder.class)));
            case "POST /explain" -> new Reply(200, api.explain(call.as(RequestOrder.class)));
            case "POST /recording" -> new Reply(200, api.record());
            case "GET /recording" -> new Reply(200, api.recorded());
            case "DELETE /recording" -> new Reply(200, api.endRecord());
            case "POST /token" -> new Reply(200, api.token(call.as(ControlApi.TokenOrder.class)));
            case "POST /faults" -> new Reply(200, api.faults(call.as(ControlApi.FaultOrder.class)));
            case "POST /clock" -> new Reply(200, api.clock(call.as(ControlApi.ClockOrder.class)));
            case "PUT /resources" ->
                    new Reply(
                            200,
                            api.resources(List.of(new PolicyFile("resources.yaml", call.body()))));
            default -> named(call);
        };
    }

    private Reply named(Call call) {
        String[] parts = call.path().split("/", -1);
        String what = parts.length == 4 ? call.method() + " /" + parts[1] : "";
        return switch (what) {
            case "GET /config" -> new Reply(200, api.config(parts[2], parts[3]));
            case "GET /stats" -> new Reply(200, scrapes.proxy(parts[3]));
            case "GET /requests" -> new Reply(200, api.received(parts[2], parts[3]));
            case "DELETE /requests" -> new Reply(200, api.clear(parts[2], parts[3]));
            default ->
                    new Reply(
                            404,
                            Map.of(
                                    "error",
                                    call.method()
                                            + " "
                                            + call.path()
                                            + " (expected: POST /request, /explain, /token,"
                                            + " /faults, /clock, /recording; PUT /resources; GET"
                                            + " /config/NAMESPACE/WORKLOAD, /targets,"
                                            + " /stats/prometheus; GET or DELETE"
                                            + " /requests/NAMESPACE/WORKLOAD)"));
        };
    }

    /** Hands each request to a worker; the next of a connection is read when that has answered. */
    private final class Dispatcher extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            Call call =
                    new Call(
                            request.method().name(),
                            request.uri(),
                            request.content().toString(StandardCharsets.UTF_8));
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            ctx.channel().config().setAutoRead(false);
            workers.execute(() -> {
                Reply reply = answer(call);
                byte[] body = reply.bytes();
                ctx.executor().execute(() -> write(ctx, reply, body, keepAlive));
            });
        }

        private void write(ChannelHandlerContext ctx, Reply reply, byte[] body, boolean keepAlive) {
            DefaultFullHttpResponse response =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            HttpResponseStatus.valueOf(reply.status()),
                            Unpooled.wrappedBuffer(body));
            response.headers().set("content-type", reply.type()).set("content-length", body.length);
            HttpUtil.setKeepAlive(response, keepAlive);
            ctx.writeAndFlush(response)
                    .addListener(written -> {
                        if (!keepAlive || !written.isSuccess()) {
                            ctx.close();
                        } else {
                            ctx.channel().config().setAutoRead(true);
                        }
                    });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
