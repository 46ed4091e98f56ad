package io.weft.blog.users;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The JSON face of the users; errors are problem details (RFC 9457). */
@RestController
class UserController {

    private final UserDirectory directory;

    UserController(UserDirectory directory) {
        this.directory = directory;
    }

    @GetMapping({"/api/users", "/api/users/"})
    List<User> list() {
        return directory.findAll();
    }

    @GetMapping("/api/users/{id}")
    User get(@PathVariable String id) {
        return directory
                .find(id)
                .orElseThrow(() ->
                        new ResponseStatusException(
                                HttpStatus.NOT_FOUND, "no user has the id " + id));
    }

    @PutMapping("/api/users/{id}")
    User put(@PathVariable String id, @RequestBody UserDraft draft) {
        User user = draft.toUser(id);
        directory.save(user);
        return user;
    }

    @ExceptionHandler
    ProblemDetail invalid(InvalidUserException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, e.getMessage());
    }
}
