package io.weft.dataplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {

    @TempDir Path temporary;

    @Test
    void givesBackWhatWasWritten() throws IOException {
        StateFile file = new StateFile(temporary.resolve("state"), "x.json");
        file.write(bytes("first"));
        file.write(bytes("second"));
        assertThat(new StateFile(temporary.resolve("state"), "x.json").read())
                .hasValue(bytes("second"));
    }

    @Test
    void isReadableByItsOwnerAlone() throws IOException {
        StateFile file = new StateFile(temporary.resolve("state"), "x.json");
        file.write(bytes("secret"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(temporary.resolve("state"))))
                .isEqualTo("rwx------");
    }

    @Test
    void countsAsAbsentWhenItIsCutOffAtAnyByte() throws IOException {
        StateFile file = new StateFile(temporary, "x.json");
        file.write(bytes("some content"));
        byte[] whole = Files.readAllBytes(file.path());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file.path(), Arrays.copyOf(whole, length));
            assertThat(file.read()).as("cut off after %d bytes", length).isEmpty();
        }
    }

    @Test
    void countsAsAbsentWhenAnyByteIsDamaged() throws IOException {
        StateFile file = new StateFile(temporary, "x.json");
        file.write(bytes("some content"));
        byte[] whole = Files.readAllBytes(file.path());
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(file.path(), damaged);
            assertThat(file.read()).as("byte %d damaged", i).isEmpty();
        }
    }

    @Test
    void keepsTheOldContentWhenACrashLeftAHalfWrittenNewOne() throws IOException {
        StateFile file = new StateFile(temporary, "x.json");
        file.write(bytes("old"));
        Files.writeString(temporary.resolve("x.json.new"), "weft-state 1 ha");
        assertThat(file.read()).hasValue(bytes("old"));
        file.write(bytes("newer"));
        assertThat(file.read()).hasValue(bytes("newer"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
