import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks OSV (https://osv.dev) which components of a CycloneDX bill of materials have published
 * vulnerabilities. {@code java .ci/DependencyCheck.java target/bom.json [.ci/known-advisories]}
 *
 * <p>Ends with 0 when nothing unknown was found, 1 when something was, 3 when it could not be asked:
 * that is not the same as nothing. One look takes at most a minute.
 */
class DependencyCheck {

    private static final Pattern PURL = Pattern.compile("\"purl\"\\s*:\\s*\"(pkg:[^\"?]+)");
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");
    private static final int BATCH = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    public static void main(String[] args) throws Exception {
        Path bom = Path.of(args[0]);
        if (!Files.isReadable(bom)) {
            System.out.println("dependency check: NOT RUN: there is no " + bom);
            System.exit(3);
        }
        TreeSet<String> known = new TreeSet<>();
        if (args.length > 1 && Files.isReadable(Path.of(args[1]))) {
            for (String line : Files.readAllLines(Path.of(args[1]))) {
                String id = line.replaceAll("#.*", "").strip();
                if (!id.isEmpty()) {
                    known.add(id);
                }
            }
        }
        TreeSet<String> purls = new TreeSet<>();
        Matcher found = PURL.matcher(Files.readString(bom));
        while (found.find()) {
            if (!found.group(1).startsWith("pkg:maven/io.weft/")) {
                purls.add(found.group(1));
            }
        }
        String api = System.getenv().getOrDefault("WEFT_OSV_API", "https://api.osv.dev");
        Map<String, List<String>> bad = new TreeMap<>();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            List<String> all = new ArrayList<>(purls);
            for (int from = 0; from < all.size(); from += BATCH) {
                ask(client, api, all.subList(from, Math.min(all.size(), from + BATCH)), bad);
            }
        } catch (IOException e) {
            System.out.println(
                    "dependency check: NOT RUN: " + api + " cannot be asked (" + e + ")");
            System.exit(3);
        }
        bad.values().forEach(ids -> ids.removeAll(known));
        bad.values().removeIf(List::isEmpty);
        bad.forEach((purl, ids) -> System.out.println("VULNERABLE " + purl + " " + ids));
        System.out.println(
                "dependency check: " + purls.size() + " components, " + bad.size() + " vulnerable");
        System.exit(bad.isEmpty() ? 0 : 1);
    }

    private static void ask(
            HttpClient client, String api, List<String> purls, Map<String, List<String>> bad)
            throws IOException, InterruptedException {
        StringBuilder queries = new StringBuilder("{\"queries\":[");
        for (String purl : purls) {
            queries.append(queries.charAt(queries.length() - 1) == '[' ? "" : ",")
                    .append("{\"package\":{\"purl\":\"")
                    .append(purl)
                    .append("\"}}");
        }
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(URI.create(api + "/v1/querybatch"))
                                .timeout(PATIENCE)
                                .header("content-type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                queries.append("]}").toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("status " + answer.statusCode());
        }
        List<String> results = results(answer.body());
        if (results.size() != purls.size()) {
            throw new IOException(results.size() + " answers to " + purls.size() + " questions");
        }
        for (int i = 0; i < results.size(); i++) {
            Matcher id = ID.matcher(results.get(i));
            while (id.find()) {
                bad.computeIfAbsent(purls.get(i), none -> new ArrayList<>()).add(id.group(1));
            }
        }
    }

    /** The elements of the array {@code results}, as they are written. */
    private static List<String> results(String json) throws IOException {
        Matcher begin = Pattern.compile("\"results\"\\s*:\\s*\\[").matcher(json);
        if (!begin.find()) {
            throw new IOException("an answer without results");
        }
        List<String> results = new ArrayList<>();
        int depth = 0;
        int from = 0;
        boolean quoted = false;
        for (int i = begin.end(); i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                if (depth++ == 0) {
                    from = i;
                }
            } else if (c == '}' || c == ']') {
                if (depth == 0) {
                    return results;
                }
                if (--depth == 0) {
                    results.add(json.substring(from, i + 1));
                }
            }
        }
        throw new IOException("an answer that breaks off");
    }
}
