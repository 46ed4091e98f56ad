package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.weft.dataplane.http.RequestFilter.Step;
import io.weft.model.route.Filter;

/** Bounds on bodies: by what is announced, else as they come. */
final class SizeFilter {

    private SizeFilter() {}

    static RequestFilter of(Filter.SizeLimit filter) {
        long request = filter.maxRequestBytes();
        long response = filter.maxResponseBytes();
        return (exchange, chain) -> {
            if (response > 0) {
                exchange.boundAnswer(response);
            }
            if (request == 0) {
                return Step.NEXT;
            }
            ProxyError.TooLarge tooLarge =
                    new ProxyError.TooLarge(
                            "a body of more than "
                                    + request
                                    + " bytes ("
                                    + filter.origin().describe()
                                    + ")");
            String announced = exchange.request().headers().get(HttpHeaderNames.CONTENT_LENGTH);
            if (announced != null && isMore(announced, request)
                    || exchange.body().received() > request) {
                exchange.fail(tooLarge);
                return Step.ANSWERED;
            }
            if (announced == null) {
                exchange.body().bound(request, () -> exchange.fail(tooLarge));
            }
            return Step.NEXT;
        };
    }

    /** Of digits only: the guard has looked at them. */
    static boolean isMore(String digits, long bound) {
        return digits.length() > 18 || Long.parseLong(digits) > bound;
    }
}
