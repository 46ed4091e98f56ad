package io.weft.dataplane.extauthz;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.weft.dataplane.http.Exchange;
import io.weft.dataplane.http.RequestBody;
import io.weft.dataplane.upstream.BufferedCall;
import io.weft.model.listener.ExternalAuthorizer;
import io.weft.model.route.HeaderOp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The request itself, shortened to what the authoriser shall see: 200 consents, 5xx is no answer,
 * anything else refuses and is what the caller gets.
 */
final class HttpCheck implements Check {

    /** Always part of a refusal, as soon as a list of headers is given. */
    private static final List<String> ALWAYS_ON_DENY = List.of("www-authenticate", "location");

    private final ExternalAuthorizer config;
    private final HttpRequest head;
    private final byte[] body;

    private HttpCheck(ExternalAuthorizer config, HttpRequest head, byte[] body) {
        this.config = config;
        this.head = head;
        this.body = body;
    }

    static HttpCheck of(
            ExternalAuthorizer config,
            HeaderNames included,
            Exchange exchange,
            RequestBody.Part part) {
        HttpRequest request = exchange.request();
        HttpRequest head =
                new DefaultHttpRequest(
                        HttpVersion.HTTP_1_1,
                        request.method(),
                        config.pathPrefix() + request.uri());
        HttpHeaders headers = head.headers();
        headers.set(HttpHeaderNames.HOST, exchange.authority());
        for (Map.Entry<String, String> header : request.headers()) {
            if (header.getKey().equalsIgnoreCase("authorization")
                    || included.contain(header.getKey())) {
                headers.add(header.getKey(), header.getValue());
            }
        }
        config.additionalHeaders().forEach(headers::set);
        if (config.includeBodyBytes() > 0) {
            headers.set(GrpcCheck.PARTIAL_BODY, !part.whole());
        }
        headers.set(HttpHeaderNames.CONTENT_LENGTH, part.bytes().length);
        return new HttpCheck(config, head, part.bytes());
    }

    @Override
    public HttpRequest head() {
        return head;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public CheckAnswer read(BufferedCall.Result.Answered answer) {
        if (answer.status() >= 500) {
            return new CheckAnswer.Failure("it answered with " + answer.status());
        }
        if (answer.status() == 200) {
            return new CheckAnswer.Consent(
                    taken(answer.headers(), config.headersToUpstreamOnAllow()),
                    taken(answer.headers(), config.headersToDownstreamOnAllow()),
                    Map.of());
        }
        List<String> names = new ArrayList<>(config.headersToDownstreamOnDeny());
        if (names.isEmpty()) {
            names.add("*");
        } else {
            names.addAll(ALWAYS_ON_DENY);
        }
        return new CheckAnswer.Refusal(
                answer.status(),
                taken(answer.headers(), names),
                new String(answer.body(), StandardCharsets.UTF_8));
    }

    /** Several values of one header stay several; what the request said before is replaced. */
    private static List<HeaderOp> taken(HttpHeaders headers, List<String> patterns) {
        HeaderNames names = new HeaderNames(patterns);
        List<HeaderOp> ops = new ArrayList<>();
        for (String name : headers.names()) {
            if (names.contain(name)) {
                String lower = name.toLowerCase(Locale.ROOT);
                boolean first = true;
                for (String value : headers.getAll(name)) {
                    ops.add(
                            first
                                    ? new HeaderOp.Set(lower, value)
                                    : new HeaderOp.Add(lower, value));
                    first = false;
                }
            }
        }
        return ops;
    }
}
