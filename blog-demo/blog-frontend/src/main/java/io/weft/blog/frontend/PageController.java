package io.weft.blog.frontend;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages. */
@Controller
class PageController {

    private static final String FORM = "form";

    private final BlogApi blog;
    private final UserApi users;

    PageController(BlogApi blog, UserApi users) {
        this.blog = blog;
        this.users = users;
    }

    @GetMapping("/")
    String list(
            Model model,
            @RequestParam(required = false) @Nullable String tag,
            @RequestParam(defaultValue = "0") int page) {
        Answer<Article.Page> answer = blog.page(tag, Math.max(0, page));
        model.addAttribute("page", answer.value());
        model.addAttribute("tag", tag);
        model.addAttribute("servedBy", answer.servedBy());
        return "list";
    }

    @GetMapping("/articles/{id}")
    String article(Model model, @PathVariable String id) {
        Answer<Article> answer = blog.find(id);
        model.addAttribute("article", answer.value());
        model.addAttribute("servedBy", answer.servedBy());
        return "article";
    }

    @GetMapping("/write")
    String write(Model model) {
        return form(model, null, ArticleForm.empty());
    }

    @PostMapping("/write")
    String create(Model model, HttpServletResponse response, @ModelAttribute ArticleForm written) {
        try {
            return "redirect:/articles/" + blog.create(written).value().id();
        } catch (UpstreamException.Invalid e) {
            return again(model, response, null, written, e);
        }
    }

    @GetMapping("/articles/{id}/edit")
    String edit(Model model, @PathVariable String id) {
        Answer<Article> answer = blog.find(id);
        model.addAttribute("servedBy", answer.servedBy());
        return form(model, id, ArticleForm.of(answer.value()));
    }

    @PostMapping("/articles/{id}/edit")
    String replace(
            Model model,
            HttpServletResponse response,
            @PathVariable String id,
            @ModelAttribute ArticleForm written) {
        try {
            blog.replace(id, written);
            return "redirect:/articles/{id}";
        } catch (UpstreamException.Invalid e) {
            return again(model, response, id, written, e);
        }
    }

    @PostMapping("/articles/{id}/delete")
    String delete(@PathVariable String id) {
        blog.delete(id);
        return "redirect:/";
    }

    @GetMapping("/users")
    String users(Model model) {
        model.addAttribute("users", users.findAll());
        return "users";
    }

    @PostMapping("/canary")
    String canary(HttpServletResponse response, @RequestParam boolean wanted) {
        var cookie =
                ResponseCookie.from(Canary.NAME, Boolean.toString(wanted))
                        .path("/")
                        .httpOnly(true)
                        .sameSite("Lax")
                        .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
        return "redirect:/";
    }

    private static String form(Model model, @Nullable String id, ArticleForm form) {
        model.addAttribute("id", id);
        model.addAttribute(FORM, form);
        return FORM;
    }

    private static String again(
            Model model,
            HttpServletResponse response,
            @Nullable String id,
            ArticleForm written,
            UpstreamException.Invalid e) {
        response.setStatus(HttpStatus.BAD_REQUEST.value());
        model.addAttribute("violations", e.violations());
        return form(model, id, written);
    }
}
