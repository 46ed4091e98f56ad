package io.weft.compiler.replay;

import io.weft.engine.SampleRequest;
import io.weft.engine.path.PathRewriter;
import io.weft.model.route.PathRewrite;
import io.weft.model.route.RouteAction;
import org.jspecify.annotations.Nullable;

/** Where a redirect leads, as the data plane writes it. */
public final class Locations {

    private Locations() {}

    public static String of(RouteAction.Redirect redirect, SampleRequest request) {
        String scheme = redirect.scheme() == null ? request.scheme() : redirect.scheme();
        String authority = request.authority();
        String host = authority.replaceFirst(":[0-9]+$", "");
        boolean keepsPort = redirect.host() == null && scheme.equals(request.scheme());
        String written = keepsPort ? authority.substring(host.length()) : "";
        if (redirect.port() != null) {
            int port = redirect.port();
            boolean usual = port == 0 || port == (scheme.equals("https") ? 443 : 80);
            written = usual ? "" : ":" + port;
        }
        boolean without = redirect.dropsQuery() || request.query() == null;
        String query = without ? "" : "?" + request.query();
        return scheme
                + "://"
                + (redirect.host() == null ? host : redirect.host())
                + written
                + rewritten(redirect.path(), request.path())
                + query;
    }

    static String rewritten(@Nullable PathRewrite rewrite, String path) {
        return rewrite == null ? path : PathRewriter.compile(rewrite).rewrite(path);
    }
}
