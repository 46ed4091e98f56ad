package io.weft.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CookiesTest {

    @TempDir Path folder;

    private static String header(List<String> set) {
        return set.stream().map(one -> one.split(";")[0]).collect(Collectors.joining("; "));
    }

    @Test
    void whatIsLongIsCutIntoPiecesAndPutTogetherAgain() {
        for (int length : new int[] {1, 3500, 3501, 9000, 30_000}) {
            String value = "v".repeat(length);
            List<String> set = Jar.set("weft-a", value, 60, true);
            assertThat(set).allSatisfy(one -> assertThat(one.length()).isLessThan(4096));
            Jar jar = Jar.of("x=1; " + header(set) + "; y=2", "weft-");
            assertThat(jar.get("weft-a")).isEqualTo(value);
            assertThat(jar.others()).isEqualTo("x=1; y=2");
        }
        assertThatThrownBy(() -> Jar.set("weft-a", "v".repeat(40_000), 60, true))
                .hasMessageContaining("40000 characters");
    }

    @Test
    void aPieceThatIsMissingOrACookieThatIsThereTwiceCountsForNothing() {
        List<String> set = Jar.set("weft-a", "v".repeat(5000), 60, true);
        assertThat(Jar.of(header(set.subList(0, 1)), "weft-").get("weft-a")).isNull();
        assertThat(Jar.of("weft-a=1.one; weft-a=1.two", "weft-").get("weft-a")).isNull();
        assertThat(Jar.of("weft-a", "weft-").get("weft-a")).isNull();
    }

    @Test
    void aKeyIsMadeOnceForTheOwnerAndReplacedWithoutEndingSessions() throws Exception {
        Path file = folder.resolve("state/cookie.keys");
        CookieKeys first = CookieKeys.readOrMake(file);
        String sealed = first.seal("hello");
        assertThat(CookieKeys.readOrMake(file).open(sealed)).isEqualTo("hello");
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        String old = Files.readString(file);
        Files.delete(file);
        CookieKeys.readOrMake(file);
        String young = Files.readString(file);
        Files.writeString(file, young + old);
        assertThat(CookieKeys.read(file).open(sealed)).isEqualTo("hello");
        Files.writeString(file, young);
        assertThat(CookieKeys.read(file).open(sealed)).isNull();
    }

    @Test
    void aKeyFileThatIsNotOneIsRefusedWithoutShowingIt() throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), "my-short-secret\n");
        assertThatThrownBy(() -> CookieKeys.read(file))
                .hasMessageContaining("line 1 of " + file)
                .hasMessageContaining("32 bytes in Base64")
                .hasMessageNotContaining("my-short-secret");
        Files.writeString(file, "");
        assertThatThrownBy(() -> CookieKeys.read(file)).hasMessageContaining("is empty");
    }

    @Test
    void noChangedCharacterOfASealedCookieOpens() {
        CookieKeys keys = CookieKeys.random();
        String sealed = keys.seal("{\"use\":\"sessions\"}");
        for (int i = 0; i < sealed.length() - 1; i++) {
            char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
            assertThat(keys.open(changed)).as("at " + i).isNull();
        }
        assertThat(CookieKeys.random().open(sealed)).isNull();
    }
}
