package io.weft.dataplane.http;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/errors.md names every error, as it is on the wire and in the log. */
class ErrorsDocTest {

    private static final List<ProxyError> ALL =
            List.of(
                    new ProxyError.BadRequest(400, "http1.codec_error", "c"),
                    new ProxyError.NoRoute("c"),
                    new ProxyError.NoCluster("c"),
                    new ProxyError.UnknownDestination("c"),
                    new ProxyError.NotConfigured("c"),
                    new ProxyError.NoHealthyEndpoint("c"),
                    new ProxyError.BackendUnavailable(500, "c", ORIGIN),
                    new ProxyError.ConnectFailed(false, "c", false),
                    new ProxyError.ConnectFailed(true, "c", false),
                    new ProxyError.Overflow("c"),
                    new ProxyError.Overloaded("c"),
                    new ProxyError.UpstreamEnded(true, false, "c", false),
                    new ProxyError.UpstreamEnded(false, false, "c", false),
                    new ProxyError.UpstreamNonsense(false, "c", false),
                    new ProxyError.Timeout(ProxyError.Which.REQUEST, "c"),
                    new ProxyError.Timeout(ProxyError.Which.PER_TRY, "c"),
                    new ProxyError.Timeout(ProxyError.Which.IDLE, "c"),
                    new ProxyError.AuthzDenied("c", ORIGIN),
                    new ProxyError.ExternallyDenied("c", ORIGIN, 403, "", false),
                    new ProxyError.ExternallyDenied("c", ORIGIN, 403, "", true),
                    new ProxyError.TooLarge("c"),
                    new ProxyError.JwtInvalid("reason", ORIGIN),
                    new ProxyError.FaultAbort(503, null, ORIGIN),
                    new ProxyError.RateLimited("c", false, ORIGIN),
                    new ProxyError.RateLimited("c", true, ORIGIN),
                    new ProxyError.RateLimiterUnavailable("c", ORIGIN),
                    new ProxyError.AnswerTooLarge("c"),
                    new ProxyError.DownstreamGone("c"),
                    new ProxyError.LaneFailed("c"));

    @Test
    void everyKindOfErrorIsHere() {
        Set<Class<?>> here = ALL.stream().map(Object::getClass).collect(Collectors.toSet());
        assertThat(here)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.asList(ProxyError.class.getPermittedSubclasses()));
    }

    @Test
    void theTableHasTheStatusFlagAndDetailOfEach() throws Exception {
        List<String> rows =
                Files.readAllLines(Path.of("../docs/errors.md")).stream()
                        .filter(line -> line.startsWith("|"))
                        .toList();
        for (ProxyError error : ALL) {
            ErrorAnswer answer = ErrorAnswer.of(error);
            assertThat(rows).as("%s", error).anyMatch(row -> describes(row, answer));
        }
    }

    private static boolean describes(String row, ErrorAnswer answer) {
        String detail = answer.details();
        int variable = detail.indexOf(detail.startsWith("upstream_reset") ? '{' : '\0');
        String kind = variable > 0 ? detail.substring(variable) : detail.split("[\\[{]", 2)[0];
        return row.contains("`" + answer.flag() + "`")
                && row.contains(kind)
                && (row.contains("as ")
                        || row.contains("statusOnError")
                        || answer.status() == 0
                        || row.contains("| " + answer.status() + " ")
                        || row.contains("| " + answer.status() + ","));
    }

    @Test
    void theCauseOfEveryErrorIsASentenceOfItsOwn() {
        for (ProxyError error : ALL) {
            assertThat(error.cause()).isNotEmpty();
        }
    }
}
