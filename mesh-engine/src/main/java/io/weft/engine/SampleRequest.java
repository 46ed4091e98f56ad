package io.weft.engine;

import io.weft.model.SpiffeId;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request written down, for explaining and testing policy.
 *
 * @param headers by lower-case name, several values joined by a comma
 */
public record SampleRequest(
        @Nullable SpiffeId peer,
        byte[] sourceIp,
        byte[] remoteIp,
        byte @Nullable [] destinationIp,
        int destinationPort,
        @Nullable String sni,
        boolean isHttp,
        String method,
        String scheme,
        String authority,
        String path,
        @Nullable String query,
        Map<String, String> headers,
        @Nullable VerifiedToken token)
        implements RequestFacts {

    public SampleRequest {
        headers = Map.copyOf(headers);
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }

    /** A request without peer, headers or token, from 127.0.0.1 to port 80. */
    public static Builder http(String method, String target) {
        return new Builder(true).method(method).target(target);
    }

    /** An opaque connection without peer, from 127.0.0.1. */
    public static Builder tcp(int destinationPort) {
        return new Builder(false).destinationPort(destinationPort);
    }

    /** Path and query, as on the request line. */
    public String target() {
        return query == null ? path : path + "?" + query;
    }

    /** The same request with another path. */
    public SampleRequest withPath(String newPath) {
        return toBuilder().path(newPath).build();
    }

    /** The same request with another query; null for none. */
    public SampleRequest withQuery(@Nullable String newQuery) {
        return toBuilder().query(newQuery).build();
    }

    /** The same request for another authority. */
    public SampleRequest withAuthority(String newAuthority) {
        return toBuilder().authority(newAuthority).build();
    }

    /** The same request with these headers only, by lower-case name. */
    public SampleRequest withHeaders(Map<String, String> newHeaders) {
        Builder builder = toBuilder();
        builder.headers.clear();
        builder.headers.putAll(newHeaders);
        return builder.build();
    }

    /** The same request with a verified token. */
    public SampleRequest withToken(@Nullable VerifiedToken newToken) {
        return toBuilder().token(newToken).build();
    }

    /** The same request as a server sees it after mutual TLS. */
    public SampleRequest withPeer(@Nullable SpiffeId newPeer, int port) {
        return toBuilder().peer(newPeer).destinationPort(port).build();
    }

    /** The same request with the address it was first sent from. */
    public SampleRequest withRemoteIp(byte[] address) {
        Builder builder = toBuilder();
        builder.remoteIp = address;
        return builder.build();
    }

    /** The same request to another address. */
    public SampleRequest withDestinationIp(String address) {
        return toBuilder().destinationIp(address).build();
    }

    private Builder toBuilder() {
        Builder builder = new Builder(isHttp);
        builder.peer = peer;
        builder.sourceIp = sourceIp;
        builder.remoteIp = remoteIp;
        builder.destinationIp = destinationIp;
        builder.destinationPort = destinationPort;
        builder.sni = sni;
        builder.method = method;
        builder.scheme = scheme;
        builder.authority = authority;
        builder.path = path;
        builder.query = query;
        builder.headers.putAll(headers);
        builder.token = token;
        return builder;
    }

    /** Collects the parts of a sample; for one thread. */
    public static final class Builder {
        private final boolean http;
        private final Map<String, String> headers = new HashMap<>();
        private @Nullable SpiffeId peer;
        private byte[] sourceIp = {127, 0, 0, 1};
        private byte @Nullable [] remoteIp;
        private byte @Nullable [] destinationIp;
        private int destinationPort = 80;
        private @Nullable String sni;
        private String method = "GET";
        private String scheme = "http";
        private String authority = "";
        private String path = "/";
        private @Nullable String query;
        private @Nullable VerifiedToken token;

        private Builder(boolean http) {
            this.http = http;
        }

        public Builder peer(@Nullable SpiffeId value) {
            peer = value;
            return this;
        }

        /** {@code spiffe://…}; not an identity is no peer. */
        public Builder peer(String uri) {
            return peer(SpiffeId.parse(uri).orElse(null));
        }

        public Builder sourceIp(String address) {
            sourceIp = bytes(address);
            return this;
        }

        public Builder remoteIp(String address) {
            remoteIp = bytes(address);
            return this;
        }

        public Builder destinationIp(String address) {
            destinationIp = bytes(address);
            return this;
        }

        public Builder destinationPort(int value) {
            destinationPort = value;
            return this;
        }

        public Builder sni(@Nullable String value) {
            sni = value;
            return this;
        }

        public Builder method(String value) {
            method = value;
            return this;
        }

        public Builder scheme(String value) {
            scheme = value;
            return this;
        }

        public Builder authority(String value) {
            authority = value;
            return this;
        }

        public Builder path(String value) {
            path = value;
            return this;
        }

        public Builder query(@Nullable String value) {
            query = value;
            return this;
        }

        /** Path and query, parted at the first question mark. */
        public Builder target(String value) {
            int mark = value.indexOf('?');
            path = mark < 0 ? value : value.substring(0, mark);
            query = mark < 0 ? null : value.substring(mark + 1);
            return this;
        }

        /** Adds a value; a second one of the same name is joined by a comma. */
        public Builder header(String name, String value) {
            headers.merge(name.toLowerCase(Locale.ROOT), value, (a, b) -> a + "," + b);
            return this;
        }

        public Builder token(@Nullable VerifiedToken value) {
            token = value;
            return this;
        }

        public SampleRequest build() {
            byte[] remote = remoteIp == null ? sourceIp : remoteIp;
            return new SampleRequest(
                    peer,
                    sourceIp,
                    remote,
                    destinationIp,
                    destinationPort,
                    sni,
                    http,
                    method,
                    scheme,
                    authority,
                    path,
                    query,
                    headers,
                    token);
        }

        private static byte[] bytes(String address) {
            return InetAddress.ofLiteral(address).getAddress();
        }
    }
}
