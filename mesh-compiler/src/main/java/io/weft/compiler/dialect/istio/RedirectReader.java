package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.route.RouteAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** {@code HTTPRedirect} and {@code HTTPDirectResponse}. */
final class RedirectReader {

    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    private RedirectReader() {}

    /** The redirect without its path, which depends on the match. */
    static RouteAction redirect(Field redirect) {
        int status = redirect.get("redirectCode").integer(300, 399, 301);
        if (!STATUSES.contains(status)) {
            redirect.get("redirectCode")
                    .reportValue(Integer.toString(status), "301, 302, 303, 307, 308");
        }
        Integer port = null;
        Field number = redirect.get("port");
        Field derived = redirect.get("derivePort");
        if (number.isPresent() && derived.isPresent()) {
            redirect.error(Code.CONTRADICTION, "both port and derivePort", "keep one of the two");
        } else if (number.isPresent()) {
            port = number.integer(1, 65535, 0);
        } else if (derived.text("").equals("FROM_PROTOCOL_DEFAULT")) {
            port = 0;
        }
        return new RouteAction.Redirect(
                status,
                redirect.get("scheme").text().orElse(null),
                redirect.get("authority").text().orElse(null),
                port,
                null);
    }

    static RouteAction direct(Field direct) {
        Field status = direct.get("status");
        if (!status.isPresent()) {
            status.reportMissing();
        }
        Field body = direct.get("body");
        String text = body.get("string").text("");
        String bytes = body.get("bytes").text("");
        if (!bytes.isEmpty()) {
            try {
                text = new String(Base64.getDecoder().decode(bytes), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                body.get("bytes")
                        .error(
                                Code.INVALID_VALUE,
                                "not Base64 (expected: Base64)",
                                "encode it, or use string");
            }
        }
        return new RouteAction.DirectResponse(status.integer(200, 599, 200), text, List.of());
    }
}
