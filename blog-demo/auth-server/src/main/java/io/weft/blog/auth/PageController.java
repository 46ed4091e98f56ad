package io.weft.blog.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** The two pages that a person sees: what this server is, and the form to sign in. */
@RestController
class PageController {

    private final AuthProperties properties;
    private final String home = page("home.html");
    private final String login = page("login.html");
    private final String style = page("pages.css");

    PageController(AuthProperties properties) {
        this.properties = properties;
    }

    @GetMapping(path = "/", produces = "text/html;charset=UTF-8")
    String home() {
        return home.replace("{{issuer}}", HtmlUtils.htmlEscape(properties.issuer()))
                .replace("{{people}}", people());
    }

    @GetMapping(path = "/login", produces = "text/html;charset=UTF-8")
    String login(CsrfToken csrf, @RequestParam(required = false) @Nullable String error) {
        return login.replace("{{csrf}}", HtmlUtils.htmlEscape(csrf.getToken()))
                .replace("{{people}}", people())
                .replace("{{hint}}", hint())
                .replace(
                        "{{error}}",
                        error == null
                                ? ""
                                : "<p class=\"error\" role=\"alert\">Name and password do not match.</p>");
    }

    @GetMapping(path = "/pages.css", produces = "text/css;charset=UTF-8")
    String style() {
        return style;
    }

    /** Says how to sign in only as long as it is true. */
    private String hint() {
        boolean passwordsAreNames =
                properties.people().entrySet().stream()
                        .allMatch(entry -> entry.getValue().password().equals(entry.getKey()));
        return passwordsAreNames
                ? "In this demo everybody's password is the name."
                : "The passwords were set by whoever runs this demo.";
    }

    private String people() {
        return new TreeSet<>(properties.people().keySet())
                .stream()
                        .map(name -> "<code>" + HtmlUtils.htmlEscape(name) + "</code>")
                        .collect(Collectors.joining(", "));
    }

    private static String page(String name) {
        try {
            return new ClassPathResource("auth-pages/" + name)
                    .getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " is missing from the application", e);
        }
    }
}
