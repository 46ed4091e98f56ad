package io.weft.login;

import io.weft.login.LoginOutcome.Answer;
import java.util.List;
import java.util.Map;

/** What is answered in place of the application. Nothing that a caller sent is repeated. */
final class Answers {

    private static final String NEVER_STORED = "no-store";

    private Answers() {}

    static Answer redirect(int status, String to, List<String> cookies, String details) {
        return new Answer(
                status,
                Map.of(
                        "location",
                        to,
                        "cache-control",
                        NEVER_STORED,
                        "referrer-policy",
                        "no-referrer"),
                cookies,
                "",
                details);
    }

    /** 401 for whoever cannot follow a redirect. */
    static Answer unauthorized(List<String> cookies) {
        return new Answer(
                401,
                Map.of(
                        "www-authenticate",
                        "Bearer",
                        "content-type",
                        "application/problem+json",
                        "cache-control",
                        NEVER_STORED),
                cookies,
                "{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,"
                        + "\"detail\":\"A login is needed.\"}",
                "login_needed");
    }

    /** A page for a person, a problem (RFC 9457) for anybody else. */
    static Answer problem(
            LoginRequest request,
            int status,
            String title,
            String detail,
            List<String> cookies,
            String details) {
        boolean page = request.acceptsHtml();
        String body =
                page
                        ? "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>"
                                + title
                                + "</title><h1>"
                                + title
                                + "</h1><p>"
                                + detail
                                + "</p><p><a href=\"/\">Start again</a></p></html>"
                        : "{\"type\":\"about:blank\",\"title\":\""
                                + title
                                + "\",\"status\":"
                                + status
                                + ",\"detail\":\""
                                + detail
                                + "\"}";
        return new Answer(
                status,
                Map.of(
                        "content-type",
                        page ? "text/html;charset=utf-8" : "application/problem+json",
                        "cache-control",
                        NEVER_STORED,
                        "content-security-policy",
                        "default-src 'none'; frame-ancestors 'none'",
                        "x-content-type-options",
                        "nosniff",
                        "referrer-policy",
                        "no-referrer"),
                cookies,
                body,
                details);
    }
}
