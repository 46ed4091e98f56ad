package io.weft.blog.frontend;

import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;

/** What every page shows, and the page for what goes wrong. */
@ControllerAdvice
class PageAdvice {

    private static final Logger log = LoggerFactory.getLogger(PageAdvice.class);

    private final String instance;

    PageAdvice(@Value("${blog.instance}") String instance) {
        this.instance = instance;
    }

    @ModelAttribute("frontend")
    String frontend() {
        return instance;
    }

    @ModelAttribute("canary")
    boolean canary(HttpServletRequest request) {
        return Canary.isWanted(request);
    }

    @ExceptionHandler
    ModelAndView failed(UpstreamException e, HttpServletRequest request) {
        log.warn("{} {}: {}", request.getMethod(), request.getRequestURI(), e.getMessage());
        return switch (e) {
            case UpstreamException.NotFound missing ->
                    page(HttpStatus.NOT_FOUND, "missing", request);
            case UpstreamException.Refused refused ->
                    page(HttpStatusCode.valueOf(refused.status()), "refused", request);
            case UpstreamException.Invalid invalid ->
                    page(HttpStatus.BAD_REQUEST, "invalid", request);
            case UpstreamException.Unavailable away ->
                    page(HttpStatus.SERVICE_UNAVAILABLE, "away", request);
        };
    }

    private ModelAndView page(HttpStatusCode status, String reason, HttpServletRequest request) {
        var page = new ModelAndView("problem", status);
        page.addObject("status", status.value());
        page.addObject("reason", reason);
        // An exception leaves the model of the page behind.
        page.addObject("frontend", instance);
        page.addObject("canary", Canary.isWanted(request));
        return page;
    }
}
