package io.weft.blog.launcher.check;

import io.weft.blog.launcher.apps.TokenIssuer;
import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpQuestion;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import tools.jackson.databind.json.JsonMapper;

/** Item 4: who may do what at blog-api, with and without tokens. */
final class AuthorisationCheck implements AcceptanceCheck {

    @Override
    public int item() {
        return 4;
    }

    @Override
    public String title() {
        return "authorisation and tokens";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        Callers callers = demo.callers();
        String reader = demo.tokens().tokenOf("reader");
        String editor = demo.tokens().tokenOf("editor");
        findings.equal(
                "workload, no token: GET the articles",
                200,
                status(callers, Callers.get(Callers.ARTICLES)));
        findings.equal(
                "workload, no token: GET another path",
                403,
                status(callers, Callers.get(Callers.ECHO)));
        findings.equal(
                "workload, no token: POST",
                403,
                status(callers, Callers.article("POST", Callers.ARTICLES, "No token")));
        HttpAnswer created =
                callers.fromCurl(
                        Callers.article("POST", Callers.ARTICLES, "A reader wrote this")
                                .bearer(reader));
        findings.equal("workload, reader's token: POST", 201, created::status);
        String path = Callers.ARTICLES + "/" + idOf(created);
        HttpQuestion put = Callers.article("PUT", path, "Changed");
        findings.equal("workload, reader's token: PUT", 403, status(callers, put.bearer(reader)));
        findings.equal("workload, editor's token: PUT", 200, status(callers, put.bearer(editor)));
        String tampered = TokenIssuer.tampered(reader, "reader", "editor");
        findings.equal("workload, tampered token: PUT", 401, status(callers, put.bearer(tampered)));
        findings.equal(
                "workload, expired token: GET",
                401,
                status(callers, Callers.get(Callers.ARTICLES).bearer(demo.tokens().expired())));
        String foreign = TokenIssuer.foreign(Instant.now());
        findings.equal(
                "workload, foreign token: GET",
                401,
                status(callers, Callers.get(Callers.ARTICLES).bearer(foreign)));
        findings.equal("front end, no token: PUT", 200, () -> callers.fromFrontend(put).status());
    }

    private static Callable<Integer> status(Callers callers, HttpQuestion question) {
        return () -> callers.fromCurl(question).status();
    }

    private static String idOf(HttpAnswer created) throws IOException {
        if (created.status() != 201) {
            // The rows that follow still say something about an article of the sample.
            return "warp-and-weft";
        }
        return JsonMapper.shared().readTree(created.body()).path("id").asString();
    }
}
