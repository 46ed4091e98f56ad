package io.weft.blog.frontend;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;

/** One service behind the pages, whose failures become {@link UpstreamException}s. */
final class Upstream {

    /** The part of a problem (RFC 9457) that the pages show. */
    private record Problem(@Nullable List<UpstreamException.Violation> errors) {}

    /** Takes what is wanted from a successful answer. */
    interface Reader<T> {

        T read(ConvertibleClientHttpResponse response) throws IOException;
    }

    private final String name;
    private final RestClient client;

    Upstream(String name, RestClient client) {
        this.name = name;
        this.client = client;
    }

    RestClient client() {
        return client;
    }

    <T> T send(RestClient.RequestHeadersSpec<?> request, Reader<T> reader) {
        try {
            T answer =
                    request.exchange((sent, response) -> {
                        check(response);
                        return reader.read(response);
                    });
            if (answer == null) {
                throw new UpstreamException.Unavailable(name, null);
            }
            return answer;
        } catch (ResourceAccessException e) {
            throw new UpstreamException.Unavailable(name, e);
        }
    }

    private void check(ConvertibleClientHttpResponse response) throws IOException {
        HttpStatusCode status = response.getStatusCode();
        if (status.is2xxSuccessful()) {
            return;
        }
        switch (status.value()) {
            case 400 -> throw new UpstreamException.Invalid(violations(response));
            case 404 -> throw new UpstreamException.NotFound(name);
            default -> {
                if (status.is4xxClientError()) {
                    throw new UpstreamException.Refused(name, status.value());
                }
                throw new UpstreamException.Unavailable(name + " (" + status.value() + ")", null);
            }
        }
    }

    private static List<UpstreamException.Violation> violations(
            ConvertibleClientHttpResponse response) {
        Problem problem = response.bodyTo(Problem.class);
        List<UpstreamException.Violation> errors = problem == null ? null : problem.errors();
        return errors == null ? List.of() : errors;
    }
}
