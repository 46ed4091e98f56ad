package io.weft.dataplane.workloadapi;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.identity.TokenClient;
import io.weft.engine.MeshClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the SPIFFE Workload API on a Unix domain socket, on a thread of its own. Who connects is
 * told by the kernel (SO_PEERCRED): a process of a user that is not the workload's is hung up on.
 */
public final class WorkloadApi implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkloadApi.class);
    private static final int MAX_CONNECTIONS = 100;
    private static final int MAX_STREAMS = 100;
    private static final int MAX_HEADERS = 8 * 1024;

    private final EventLoopGroup loop;
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final WorkloadMethods methods;
    private final Path socket;
    private final Set<Integer> users;
    private @Nullable Object made;

    private WorkloadApi(
            WorkloadApiSettings settings, MeshTls tls, TokenClient tokens, MeshClock clock)
            throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("only Linux tells who connects to a Unix domain socket");
        }
        socket = settings.socket().toAbsolutePath();
        methods = new WorkloadMethods(tls, tokens, blocking, clock);
        loop =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("weft-workload-api", true),
                        EpollIoHandler.newFactory());
        try {
            Channel listening = bind();
            users = users(settings.users());
            // Nobody is accepted before it is known who may be.
            listening.config().setAutoRead(true);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        tls.onChange(methods::changed);
        LOG.info("workload API at unix:{} for users {}", socket, users);
    }

    /**
     * Binds the socket and serves until closed.
     *
     * @throws IllegalStateException when it cannot be bound, with the reason
     */
    public static WorkloadApi start(
            WorkloadApiSettings settings, MeshTls tls, TokenClient tokens, MeshClock clock) {
        try {
            return new WorkloadApi(settings, tls, tokens, clock);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "workload API socket "
                            + settings.socket()
                            + " cannot be bound: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Whose processes may connect: those named, else the owner of the socket. */
    private Set<Integer> users(Set<Integer> named) throws IOException {
        Files.setPosixFilePermissions(
                socket,
                PosixFilePermissions.fromString(named.isEmpty() ? "rw-------" : "rw-rw-rw-"));
        return named.isEmpty() ? Set.of((Integer) Files.getAttribute(socket, "unix:uid")) : named;
    }

    private Channel bind() throws IOException {
        clear();
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loop)
                        .channel(EpollServerDomainSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<EpollDomainSocketChannel>() {
                                    @Override
                                    protected void initChannel(EpollDomainSocketChannel channel)
                                            throws IOException {
                                        accept(channel);
                                    }
                                })
                        .option(ChannelOption.AUTO_READ, false)
                        .bind(new DomainSocketAddress(socket.toFile()))
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
        }
        connections.add(bound.channel());
        made = inode();
        return bound.channel();
    }

    /** A socket that an earlier run has left; anything else of that name is not touched. */
    private void clear() throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        // S_IFSOCK of stat(2).
        int mode = (Integer) Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & 0170000) != 0140000) {
            throw new IOException("there is something else of that name");
        }
        Files.delete(socket);
    }

    private void accept(EpollDomainSocketChannel channel) throws IOException {
        int uid = channel.peerCredentials().uid();
        if (!users.contains(uid) || connections.size() > MAX_CONNECTIONS) {
            LOG.warn(
                    "workload API: a process of user {} is hung up on (expected: users {}, at most"
                            + " {} connections)",
                    uid,
                    users,
                    MAX_CONNECTIONS);
            channel.close();
            return;
        }
        connections.add(channel);
        channel.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forServer()
                                .initialSettings(
                                        Http2Settings.defaultSettings()
                                                .maxConcurrentStreams(MAX_STREAMS)
                                                .maxHeaderListSize(MAX_HEADERS))
                                .build())
                .addLast(
                        new Http2MultiplexHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new GrpcCall(stream, methods));
                                    }
                                }));
    }

    @Override
    public void close() {
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        blocking.shutdownNow();
        try {
            // Another process may have made one of its own in the meantime.
            if (made != null && Objects.equals(made, inode())) {
                Files.delete(socket);
            }
        } catch (IOException e) {
            LOG.debug("{} stays: {}", socket, e.toString());
        }
    }

    private @Nullable Object inode() throws IOException {
        return Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
