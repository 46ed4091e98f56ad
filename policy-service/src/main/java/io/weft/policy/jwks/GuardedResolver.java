package io.weft.policy.jwks;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Resolves the hosts of key sets, whose names tenants choose: what leads to this machine or to
 * link-local addresses (a cloud's metadata service) is refused, unless the operator has named the
 * host. The connection goes to the very address that was checked, so that a name cannot change its
 * mind in between.
 */
final class GuardedResolver extends AddressResolverGroup<InetSocketAddress> {

    private static final String AWS_METADATA_V6 = "fd00:ec2:0:0:0:0:0:254";

    private final Map<String, InetSocketAddress> hosts;
    private final Executor blocking;

    GuardedResolver(Map<String, InetSocketAddress> hosts, Executor blocking) {
        this.hosts = Map.copyOf(hosts);
        this.blocking = blocking;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new GuardedAddressResolver(executor);
    }

    /**
     * Whether a connection to the address would leave the mesh's control to whoever wrote the URI.
     */
    static boolean isForbidden(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || address.getHostAddress().equals(AWS_METADATA_V6);
    }

    private InetSocketAddress allowed(InetSocketAddress asked) throws UnknownHostException {
        String host = asked.getHostString().toLowerCase(Locale.ROOT);
        InetSocketAddress fixed = hosts.get(host);
        if (fixed != null) {
            return new InetSocketAddress(fixed.getHostString(), fixed.getPort());
        }
        for (InetAddress address : InetAddress.getAllByName(host)) {
            if (!isForbidden(address)) {
                return new InetSocketAddress(address, asked.getPort());
            }
        }
        throw new UnknownHostException(
                host
                        + " leads to loopback or a link-local address (refused; the operator can"
                        + " allow the host by weft.policy.jwks.hosts)");
    }

    private final class GuardedAddressResolver extends AbstractAddressResolver<InetSocketAddress> {

        GuardedAddressResolver(EventExecutor executor) {
            super(executor, InetSocketAddress.class);
        }

        @Override
        protected boolean doIsResolved(InetSocketAddress address) {
            return false; // literals are checked, too
        }

        @Override
        protected void doResolve(InetSocketAddress asked, Promise<InetSocketAddress> promise) {
            blocking.execute(() -> {
                try {
                    promise.setSuccess(allowed(asked));
                } catch (UnknownHostException | RuntimeException e) {
                    promise.setFailure(e);
                }
            });
        }

        @Override
        protected void doResolveAll(
                InetSocketAddress asked, Promise<List<InetSocketAddress>> promise) {
            blocking.execute(() -> {
                try {
                    promise.setSuccess(List.of(allowed(asked)));
                } catch (UnknownHostException | RuntimeException e) {
                    promise.setFailure(e);
                }
            });
        }
    }
}
