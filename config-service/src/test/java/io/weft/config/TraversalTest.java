package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attacks on the Config Server that were published, byte for byte; a file beside its folder must
 * never come to light.
 */
class TraversalTest {

    private final LocalService local = LocalService.shared();

    /** {@code @} stands for the folder with the secret, without the slash in front. */
    static Stream<String> attacks() {
        List<String> attacks = new ArrayList<>();
        for (String up :
                List.of(
                        "../",
                        "..%2f",
                        "..%2F",
                        "%2e%2e/",
                        "%2e%2e%2f",
                        "..%252f",
                        "..%252F",
                        "%252e%252e%252f",
                        "..%5c",
                        "..\\",
                        "..%255c",
                        "..(_)",
                        "(_)..(_)",
                        "..%28_%29",
                        "..;/",
                        "..%00/",
                        ".%2e/",
                        "..%c0%af",
                        "..%u2215",
                        "..//",
                        "....//",
                        "..%ef%bc%8f")) {
            // CVE-2019-3799: the path of a plain-text resource.
            attacks.add("/blog-api/default/main/" + up.repeat(3) + "secret.txt");
            attacks.add("/blog-api/default/main/" + up.repeat(12) + "@/secret.txt");
            // CVE-2020-5405: the label.
            attacks.add("/blog-api/default/" + up.repeat(3) + "secret.txt");
            attacks.add("/blog-api/default/main(_)" + up.repeat(3) + "/secret.txt");
            attacks.add("/blog-api/default/" + up.repeat(12) + "@");
            attacks.add("/" + up.repeat(3) + "/secret-default.yml");
            // CVE-2020-5410: the name of the application, the rest cut off by a fragment.
            attacks.add("/" + up.repeat(3) + "secret%23foo/development");
            attacks.add("/" + up.repeat(3) + "secret/default");
            attacks.add("/" + up.repeat(12) + "@/secret%2523foo/development");
            attacks.add("/" + up.repeat(3) + "secret-default.properties");
            // CVE-2026-40982 and its like: the profile.
            attacks.add("/secret/" + up.repeat(3) + "secret");
            attacks.add("/secret/default," + up.repeat(3) + "secret/main");
            attacks.add("/mesh/bundle?revision=" + up.repeat(3) + "secret");
            attacks.add("/actuator/metrics/" + up.repeat(3) + "secret");
        }
        attacks.addAll(
                List.of(
                        "/blog-api/default/main//@/secret.txt",
                        "/blog-api//@/secret",
                        "//@/secret/default",
                        "/%2f@/secret/default",
                        "/blog-api/default/(_)@",
                        "/(_)@(_)secret/default",
                        "/blog-api/default/main/%2f@/secret.txt",
                        "/blog-api/default/file:%2f@/secret.txt",
                        "/blog-api/default/main/file:@/secret.txt",
                        "/blog-api/default/secret.txt?useDefaultLabel",
                        "/blog-api/default/..?useDefaultLabel=true",
                        "/blog-api/default/main/secret.txt;/../../../secret.txt",
                        "/classpath:/default",
                        "/application/default/main/classpath:application.yaml",
                        "/${user.home}/default",
                        "/%24%7Buser.home%7D/default",
                        "/blog-api/default,%24%7Bx%7D",
                        "/{application}/default",
                        "/blog-api/default/-u",
                        "/blog-api/default/--upload-pack=x",
                        "/blog-api/default/main@%7B1%7D",
                        "/a b/default",
                        "/a%20b/default",
                        "/a%0d%0aX:y/default",
                        "/\u0000/default",
                        "/a%00/default",
                        "*",
                        "http://localhost/../secret/default",
                        "/.git/config",
                        "/blog-api/default/.git/config",
                        "/blog-api/default/main/.git/config",
                        "/encrypt",
                        "/decrypt",
                        "/key",
                        "/monitor",
                        "/error",
                        "/"));
        return attacks.stream();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void noAttackIsServed(String attack) {
        String target = attack.replace("@/", local.outside.toString().substring(1) + "/");
        for (RunningService service : List.of(local.service, local.plainText)) {
            for (String accept : List.of("*/*", "application/octet-stream")) {
                String answer = service.raw(target, "Accept: " + accept);

                assertThat(answer).as(target).startsWith("HTTP/1.1 4");
                assertThat(answer)
                        .as(target)
                        .doesNotContain(LocalService.SECRET, "weft-test-", "Exception", "\tat ");
            }
        }
    }

    @Test
    void noMixtureOfTheirPartsBringsTheSecretToLightOrBreaksTheServer() {
        String[] parts = {
            "/",
            "..",
            "%2e",
            "%2f",
            "%5c",
            "\\",
            "(_)",
            ";",
            "secret",
            "blog-api",
            "default",
            "main",
            ".yml",
            ".txt",
            "-",
            ",",
            "%25",
            "%00",
            "%28_%29",
            "//",
            "readme.txt",
            "?",
            "#",
            "@",
            "mesh",
            "bundle",
            local.outside.toString(),
            "file:",
            ":",
            "~",
            "%",
            "application"
        };
        Random random = new Random(42);
        for (int i = 0; i < 1500; i++) {
            StringBuilder target = new StringBuilder("/");
            int length = 1 + random.nextInt(9);
            for (int j = 0; j < length; j++) {
                target.append(parts[random.nextInt(parts.length)]);
            }
            RunningService service = i % 2 == 0 ? local.service : local.plainText;
            String answer = service.raw(target.toString());

            assertThat(answer)
                    .as(target.toString())
                    .doesNotStartWith("HTTP/1.1 5")
                    .doesNotContain(LocalService.SECRET);
        }
    }

    @Test
    void whatTheAttacksAreAfterIsServedWhenItIsInTheRepository() {
        assertThat(local.plainText.raw("/blog-api/default/main/readme.txt"))
                .startsWith("HTTP/1.1 200")
                .contains("plain text");
        assertThat(local.service.raw("/blog-api/default%2Cdev/main")).startsWith("HTTP/1.1 200");
    }

    @Test
    void linksAndForgedNamesInTheRepositoryLeadNowhere() throws Exception {
        local.repository.commit(
                "links",
                null,
                "Links",
                java.util.Map.of(
                        "application.yml", TestRepository.Entry.link(local.outside + "/secret.yml"),
                        "dir", TestRepository.Entry.link(local.outside.toString()),
                        "own.txt", TestRepository.Entry.text("own")));
        try (ObjectInserter inserter = local.repository.repository().newObjectInserter()) {
            ObjectId blob =
                    inserter.insert(
                            Constants.OBJ_BLOB,
                            "forged: true\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            ObjectId level = blob;
            FileMode mode = FileMode.REGULAR_FILE;
            for (String name : List.of("forged.yml", "..", "..", "..")) {
                TreeFormatter tree = new TreeFormatter();
                tree.append(name, mode, level);
                level = inserter.insert(tree);
                mode = FileMode.TREE;
            }
            local.repository.commitTree(inserter, "forged", null, "Forged", level);
        }

        assertThat(local.plainText.get("/blog-api/default/links").body())
                .contains("\"propertySources\":[]");
        assertThat(local.plainText.get("/blog-api/default/links/dir/secret.txt").statusCode())
                .isEqualTo(404);
        assertThat(local.plainText.get("/blog-api/default/links/own.txt").body()).isEqualTo("own");
        assertThat(local.plainText.get("/blog-api/default/forged").statusCode()).isEqualTo(200);
        assertThat(local.outside.resolve("forged.yml")).doesNotExist();
        assertThat(local.outside.resolve("base-plain/forged.yml")).doesNotExist();
        assertThat(local.outside.resolve("base-plain/checkouts/forged.yml")).doesNotExist();
    }

    @Test
    void theBaseFolderIsOpenToItsOwnerOnly() throws Exception {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(local.outside.resolve("base"))))
                .isEqualTo("rwx------");
    }
}
