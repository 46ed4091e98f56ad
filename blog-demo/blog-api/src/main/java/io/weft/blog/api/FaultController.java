package io.weft.blog.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Plans faults and tells what has arrived. It exists only where {@code blog.faults.enabled} is
 * true.
 */
@RestController
@ConditionalOnBooleanProperty("blog.faults.enabled")
@RequestMapping("/demo")
final class FaultController {

    /** What a client asks for; what it leaves out is one plain 503 anywhere in the API. */
    record FaultRequest(
            @Nullable Integer times,
            @Nullable Integer status,
            @Nullable Long delayMillis,
            @Nullable String path) {

        FaultPlan.Fault toFault() {
            long delay = delayMillis == null ? 0 : delayMillis;
            return new FaultPlan.Fault(
                    times == null ? 1 : times,
                    status == null && delay == 0 ? Integer.valueOf(503) : status,
                    delay,
                    path == null ? "/api" : path);
        }
    }

    private final FaultPlan plan;
    private final RequestCounts counts;

    FaultController(FaultPlan plan, RequestCounts counts) {
        this.plan = plan;
        this.counts = counts;
    }

    @PostMapping("/faults")
    FaultPlan.Fault plan(@RequestBody FaultRequest request) {
        FaultPlan.Fault fault = request.toFault();
        plan.plan(fault);
        return fault;
    }

    @DeleteMapping("/faults")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void clearFaults() {
        plan.clear();
    }

    @GetMapping("/requests")
    Map<String, Long> requests() {
        return counts.byPrefix();
    }

    @DeleteMapping("/requests")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void clearRequests() {
        counts.clear();
    }

    @ExceptionHandler
    ProblemDetail invalid(IllegalArgumentException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, e.getMessage());
    }
}
