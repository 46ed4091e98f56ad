package io.weft.engine.explain;

import io.weft.engine.SampleRequest;
import io.weft.engine.path.PathRewriter;
import io.weft.model.route.Filter;
import io.weft.model.route.HeaderOp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a route's filters make of a request before it leaves; the callee judges the result. */
final class SentRequest {

    private static final String ORIGINAL_PATH = "x-envoy-original-path";

    private SentRequest() {}

    /** The request behind one filter; the same when the filter changes nothing of it. */
    static SampleRequest after(Filter filter, SampleRequest request) {
        return switch (filter) {
            case Filter.Headers(var ops, var response, var origin) -> changed(request, ops, true);
            case Filter.Rewrite rewrite -> rewritten(request, rewrite);
            case Filter.Mirror ignored -> request;
            case Filter.Delay ignored -> request;
            case Filter.Abort ignored -> request;
            case Filter.Cors ignored -> request;
            case Filter.LocalRateLimit ignored -> request;
            case Filter.GlobalRateLimit ignored -> request;
            case Filter.SizeLimit ignored -> request;
            case Filter.Concurrency ignored -> request;
            case Filter.Compression ignored -> request;
            case Filter.Hedge ignored -> request;
            case Filter.Gateway ignored -> request;
        };
    }

    /** With operations whose values are taken as they are. */
    static SampleRequest literally(SampleRequest request, List<HeaderOp> ops) {
        return changed(request, ops, false);
    }

    private static SampleRequest changed(
            SampleRequest request, List<HeaderOp> ops, boolean templates) {
        SampleRequest now = request;
        for (HeaderOp op : ops) {
            String name = op.name();
            if (name.startsWith(":") || name.equals("host")) {
                continue; // The authority is changed by a rewrite.
            }
            Map<String, String> headers = new HashMap<>(now.headers());
            switch (op) {
                case HeaderOp.Set(var n, var value) ->
                        headers.put(n, templates ? HeaderValue.of(value, now) : value);
                case HeaderOp.Add(var n, var value) ->
                        headers.merge(
                                n,
                                templates ? HeaderValue.of(value, now) : value,
                                (a, b) -> a + "," + b);
                case HeaderOp.Remove(var n) -> headers.remove(n);
            }
            now = now.withHeaders(headers);
        }
        return now;
    }

    private static SampleRequest rewritten(SampleRequest request, Filter.Rewrite rewrite) {
        SampleRequest now = request;
        if (rewrite.path() != null) {
            Map<String, String> headers = new HashMap<>(now.headers());
            headers.put(ORIGINAL_PATH, now.target());
            String path = PathRewriter.compile(rewrite.path()).rewrite(now.path());
            now = now.withHeaders(headers).withPath(path);
        }
        return rewrite.authority() == null ? now : now.withAuthority(rewrite.authority());
    }
}
