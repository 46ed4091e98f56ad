package io.weft.dataplane.identity;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/**
 * TLS of which no connection resumes another one: each proves its identity anew, whatever tickets
 * and session ids its peer shows, and once. For contexts that decide by certificates.
 */
public final class Unresumed {

    private Unresumed() {}

    /** A server's builder; with the JDK's TLS its key is ready for as many contexts as wanted. */
    static SslContextBuilder server(
            PrivateKey key, List<X509Certificate> chain, SslProvider provider) {
        SslContextBuilder builder =
                provider == SslProvider.JDK
                        ? SslContextBuilder.forServer(new OneKey(key, chain))
                        : SslContextBuilder.forServer(key, chain);
        return builder.sslProvider(provider);
    }

    /** As {@link #server}, for a client. */
    static SslContextBuilder client(
            PrivateKey key, List<X509Certificate> chain, SslProvider provider) {
        SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(provider);
        return provider == SslProvider.JDK
                ? builder.keyManager(new OneKey(key, chain))
                : builder.keyManager(key, chain);
    }

    /**
     * A context that is complete. With OpenSSL no session is remembered and no ticket given out.
     * The JDK gives out tickets whatever one says, and can read them as long as their context
     * lives: there each connection has one of its own.
     */
    public static SslContext context(SslContextBuilder builder) throws SSLException {
        SslContext context = builder.build();
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(false);
            return context.isServer() ? new WithoutTickets(context) : context;
        }
        return new OfOneConnection(builder, context);
    }

    /** BoringSSL gives out tickets of its own unless each connection is told not to. */
    private static final class WithoutTickets extends DelegatingSslContext {

        WithoutTickets(SslContext context) {
            super(context);
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            if (engine instanceof ReferenceCountedOpenSslEngine openSsl) {
                SSL.setOptions(openSsl.sslPointer(), SSL.SSL_OP_NO_TICKET);
            }
        }
    }

    /** The first context answers for what all have in common, and serves nobody. */
    private static final class OfOneConnection extends SslContext {

        private final SslContextBuilder builder;
        private final SslContext first;

        OfOneConnection(SslContextBuilder builder, SslContext first) {
            this.builder = builder;
            this.first = first;
        }

        private SslContext next() {
            try {
                return builder.build();
            } catch (SSLException e) {
                throw new IllegalStateException("TLS context that could be built before", e);
            }
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator) {
            return next().newEngine(allocator);
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
            return next().newEngine(allocator, host, port);
        }

        @Override
        protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls) {
            return once(super.newHandler(allocator, startTls));
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator allocator, String host, int port, boolean startTls) {
            return once(super.newHandler(allocator, host, port, startTls));
        }

        /** The JDK would begin another session when asked to, and BoringSSL does not. */
        private static SslHandler once(SslHandler handler) {
            handler.handshakeFuture()
                    .addListener(done -> handler.engine().setEnableSessionCreation(false));
            return handler;
        }

        @Override
        public boolean isClient() {
            return first.isClient();
        }

        @Override
        public List<String> cipherSuites() {
            return first.cipherSuites();
        }

        @Override
        public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
            return first.applicationProtocolNegotiator();
        }

        @Override
        public SSLSessionContext sessionContext() {
            return first.sessionContext();
        }
    }
}
