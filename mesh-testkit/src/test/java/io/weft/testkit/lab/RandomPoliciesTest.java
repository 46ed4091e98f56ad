package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.control.Answer;
import io.weft.testkit.lab.control.ControlApi;
import io.weft.testkit.lab.control.Explanations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random requests under random policies of every dialect, on top of nothing, of the seed's, and of
 * whatever the shared folder has: what is explained is what happens.
 *
 * <p>{@code -Dweft.lab.cases=5000} sends more, {@code -Dweft.lab.seed=N} repeats a run.
 */
class RandomPoliciesTest {

    private static final int CASES = Integer.getInteger("weft.lab.cases", 320);
    private static final int REQUESTS = 8;
    private static final String ISSUER = "https://auth.example.com";

    private final long seed = Long.getLong("weft.lab.seed", 20261122L);
    private final Random random = new Random(seed);
    private final RandomPolicies policies = new RandomPolicies(random);

    @Test
    void explanationsHoldUnderRandomPolicies() throws IOException {
        List<String> differences = new ArrayList<>();
        int sent = 0;
        int refusedSets = 0;
        int refused = 0;
        try (Lab lab = Lab.start("topology.yaml", ExplainAgreesTest.TOPOLOGY, List.of())) {
            List<PolicyFile> seeds = seeds();
            List<String> tokens = tokens(lab);
            while (sent < CASES) {
                String drawn = policies.draw();
                List<PolicyFile> files = new ArrayList<>();
                if (random.nextInt(3) == 0) {
                    files.add(seeds.get(random.nextInt(seeds.size())));
                }
                files.add(new PolicyFile("drawn.yaml", drawn));
                ControlApi.Resources put = lab.api().resources(files);
                if (!put.accepted()) {
                    refusedSets++;
                    continue;
                }
                assertThat(put.refusals()).as("seed %s\n%s", seed, drawn).isEmpty();
                for (int i = 0; i < REQUESTS; i++) {
                    Sent request = request(tokens);
                    Explanations.Answer explained = lab.api().explain(request.order());
                    Answer answer = request.to(lab);
                    sent++;
                    refused += Objects.equals(answer.status(), 200) ? 0 : 1;
                    String difference = difference(explained, answer);
                    if (difference != null) {
                        differences.add(
                                difference
                                        + "\n  "
                                        + request.order()
                                        + "\n  "
                                        + answer.details()
                                        + "\n"
                                        + files.getFirst().path()
                                        + "\n"
                                        + drawn);
                    }
                }
            }
        }
        System.out.printf(
                "explain and wire: %d requests, seed %d, %d refused by policy, %d sets refused,"
                        + " %d differences%n",
                sent, seed, refused, refusedSets, differences.size());
        assertThat(differences).as("seed %s", seed).isEmpty();
        assertThat(refused).isBetween(sent / 10, sent * 9 / 10);
    }

    /** Any of the destinations may have been drawn; each has its own explanation. */
    private static @Nullable String difference(Explanations.Answer explained, Answer answer) {
        if (explained.result().equals("ASKS_EXTERNAL")) {
            return null;
        }
        String first = difference(explained.status(), explained.decidedBy(), answer);
        if (first == null) {
            return null;
        }
        for (Explanations.PerDestination each : explained.destinations()) {
            var decision = each.explanation().decision();
            String by = decision.origin().isBuiltIn() ? null : decision.origin().describe();
            if (difference(decision.status(), by, answer) == null) {
                return null;
            }
        }
        return first + " (" + explained.reason() + ")";
    }

    private static @Nullable String difference(int status, @Nullable String by, Answer answer) {
        Integer explained = status == 0 ? null : status;
        if (!Objects.equals(explained, answer.status())) {
            return "status: explained " + explained + ", was " + answer.status();
        }
        boolean refused = answer.status() == null || answer.status() != 200;
        return refused && !Objects.equals(by, answer.decidedBy())
                ? "decided by: explained " + by + ", was " + answer.decidedBy()
                : null;
    }

    private Sent request(List<String> tokens) {
        String caller = policies.one("blog-frontend.blog", "static-files.blog", "curl.other");
        String[] to =
                policies.one(
                                "blog-api 8080",
                                "blog-api 8080",
                                "user-service 9090",
                                "static-files 80")
                        .split(" ");
        String host = to[0] + policies.one(".blog", ".blog.svc.cluster.local");
        Sent request = Sent.from(caller, host, Integer.parseInt(to[1]));
        request = random.nextInt(5) == 0 ? request.direct() : request;
        List<List<String>> headers = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            String token = tokens.get(random.nextInt(tokens.size()));
            headers.add(List.of("authorization", "Bearer " + token));
        }
        if (random.nextInt(2) == 0) {
            headers.add(List.of("canary", policies.one("true", "false")));
        }
        String path = RandomPolicies.PATHS.get(random.nextInt(RandomPolicies.PATHS.size()));
        String more = policies.one("", "", "?q=1", "/7", "/../x", "%2f");
        return request.as(policies.one("GET", "GET", "POST", "HEAD"), path + more).with(headers);
    }

    private static List<String> tokens(Lab lab) {
        return List.of(
                token(lab, "blog-api", "admin", 3600),
                token(lab, "another", "admin", 3600),
                token(lab, "blog-api", "reader", 3600),
                token(lab, "blog-api", "admin", -100),
                "not.a.token");
    }

    private static String token(Lab lab, String audience, String role, long seconds) {
        return Objects.requireNonNull(
                lab.api()
                        .token(
                                new ControlApi.TokenOrder(
                                        ISSUER,
                                        "ann",
                                        audience,
                                        Map.of("role", role),
                                        seconds,
                                        null))
                        .get("token"));
    }

    /** The seed's own, and what the shared folder has. */
    private static List<PolicyFile> seeds() throws IOException {
        List<PolicyFile> files = new ArrayList<>();
        for (String name : List.of("seed-security.yaml", "seed-traffic.yaml")) {
            try (InputStream in = RandomPoliciesTest.class.getResourceAsStream(name)) {
                byte[] text = Objects.requireNonNull(in, name).readAllBytes();
                files.add(new PolicyFile(name, new String(text, StandardCharsets.UTF_8)));
            }
        }
        Path shared = Path.of(System.getProperty("weft.shared", "../../shared")).resolve("seed");
        if (Files.isDirectory(shared)) {
            try (Stream<Path> all = Files.list(shared)) {
                all.filter(each ->
                                each.toString()
                                        .matches(
                                                ".*(consul|smi-traffic|linkerd-service-profiles)\\.yaml"))
                        .sorted()
                        .forEach(each ->
                                files.add(
                                        new PolicyFile(
                                                each.getFileName().toString(),
                                                SharedData.text(each))));
            }
        }
        return files;
    }
}
