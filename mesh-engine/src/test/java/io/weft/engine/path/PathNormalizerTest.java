package io.weft.engine.path;

import static io.weft.model.listener.PathNormalization.BASE;
import static io.weft.model.listener.PathNormalization.DECODE_AND_MERGE_SLASHES;
import static io.weft.model.listener.PathNormalization.MERGE_SLASHES;
import static io.weft.model.listener.PathNormalization.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.listener.PathNormalization;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PathNormalizerTest {

    private static void assertNormal(PathNormalization mode, String raw, String expected) {
        assertThat(PathNormalizer.normalize(raw, mode))
                .as("%s in %s", raw, mode)
                .isEqualTo(expected);
    }

    private static void assertRefused(PathNormalization mode, String raw) {
        assertThat(PathNormalizer.normalize(raw, mode)).as("%s in %s", raw, mode).isNull();
        assertThat(PathNormalizer.refusal(raw, mode)).startsWith("path: ");
    }

    @Test
    void baseRemovesDotSegmentsHoweverTheyAreSpelt() {
        assertNormal(BASE, "/a/../b", "/b");
        assertNormal(BASE, "/a/./b/", "/a/b/");
        assertNormal(BASE, "/a/b/..", "/a/");
        assertNormal(BASE, "/a/.", "/a/");
        assertNormal(BASE, "/../../a", "/a");
        assertNormal(BASE, "/a/%2e%2E/b", "/b");
        assertNormal(BASE, "/a/.%2e/b", "/b");
        assertNormal(BASE, "/a//../b", "/a/b");
        assertNormal(BASE, "/..", "/");
        assertNormal(BASE, "/.well-known/x", "/.well-known/x");
        assertNormal(BASE, "/a/...", "/a/...");
    }

    @Test
    void baseTurnsBackslashesAndDecodesOnlyUnreservedCharacters() {
        assertNormal(BASE, "\\da", "/da");
        assertNormal(BASE, "/a\\..\\b", "/b");
        assertNormal(BASE, "/%61dmin", "/admin");
        assertNormal(BASE, "/a%2fb%5Cc", "/a%2fb%5Cc");
        assertNormal(BASE, "/a//b", "/a//b");
        assertNormal(BASE, "/caf\u00c3\u00a9", "/caf%C3%A9");
        assertNormal(BASE, "/%252e%252e/a", "/%252e%252e/a");
        assertNormal(BASE, "/a;param/..;/b", "/a;param/..;/b");
    }

    @Test
    void mergeSlashesComesAfterDotSegments() {
        assertNormal(MERGE_SLASHES, "//a///b//", "/a/b/");
        assertNormal(MERGE_SLASHES, "/a//../b", "/a/b");
        assertNormal(MERGE_SLASHES, "/a%2f%2fb", "/a%2f%2fb");
    }

    @Test
    void decodeComesFirstSoThatHiddenSlashesMakeSegments() {
        assertNormal(DECODE_AND_MERGE_SLASHES, "/a%2fb", "/a/b");
        assertNormal(DECODE_AND_MERGE_SLASHES, "/a%5c..%2Fb", "/b");
        assertNormal(DECODE_AND_MERGE_SLASHES, "/a%2F%2Fb", "/a/b");
        assertNormal(DECODE_AND_MERGE_SLASHES, "/a%252fb", "/a%252fb");
    }

    @Test
    void noneChangesNothingAndStillRefusesWhatIsNeverSafe() {
        assertNormal(NONE, "/a/../b\\%2e%zz//", "/a/../b\\%2e%zz//");
        assertRefused(NONE, "/a#b");
        assertRefused(NONE, "/a%00b");
        assertRefused(NONE, "/a\u0000b");
        assertRefused(NONE, "relative");
    }

    @Test
    void refusesFragmentsControlCharactersAndMalformedEscapes() {
        for (String raw :
                List.of(
                        "/a#",
                        "/a%00",
                        "/a\tb",
                        "/a b",
                        "/a\r\n",
                        "/%",
                        "/%2",
                        "/%zz",
                        "/%%32e",
                        "/\uff12",
                        "/%\uff12\uff12",
                        "a/b",
                        "/a?b",
                        "/a\u007f")) {
            assertRefused(BASE, raw);
            assertRefused(DECODE_AND_MERGE_SLASHES, raw);
        }
    }

    @Test
    void whatNeedsNoChangeIsTheSameInstance() {
        for (String raw :
                List.of("/", "/api/v1/articles", "/.well-known", "/a%2fb", "/a%20b/..c", "*")) {
            assertThat(PathNormalizer.normalize(raw, MERGE_SLASHES)).isSameAs(raw);
        }
        assertNormal(BASE, "", "/");
    }

    @Test
    void agreesWithAnIndependentImplementationAndIsIdempotent() {
        Random random = new Random(11);
        String[] pieces = {
            "/", "/", ".", "..", "a", "%2e", "%2E", "%2f", "%5C", "\\", "%41", "%25", "//", ";x"
        };
        for (int i = 0; i < 50_000; i++) {
            StringBuilder raw = new StringBuilder("/");
            for (int n = random.nextInt(8); n > 0; n--) {
                raw.append(pieces[random.nextInt(pieces.length)]);
            }
            for (PathNormalization mode : List.of(BASE, MERGE_SLASHES, DECODE_AND_MERGE_SLASHES)) {
                String normal = PathNormalizer.normalize(raw.toString(), mode);
                assertNormal(mode, raw.toString(), NaivePaths.normalize(raw.toString(), mode));
                assertNormal(mode, normal, normal);
            }
        }
    }
}
