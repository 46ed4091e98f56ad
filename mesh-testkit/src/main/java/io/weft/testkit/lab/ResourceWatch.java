package io.weft.testkit.lab;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.control.ControlApi;
import io.weft.testkit.lab.mesh.LabProblem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts resources into force when their files change, and says what changed on standard error. */
record ResourceWatch(Lab lab, ResourceFiles resources) implements Runnable {

    private static final int INTERVAL_MILLIS = 300;

    @Override
    public void run() {
        Map<String, String> before = byPath(resources.read());
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(INTERVAL_MILLIS);
                List<PolicyFile> files = resources.read();
                Map<String, String> now = byPath(files);
                if (!now.equals(before)) {
                    System.err.println("changed: " + String.join(", ", changed(before, now)));
                    before = now;
                    report(lab.api().resources(files));
                }
            } catch (InterruptedException e) {
                return;
            } catch (LabProblem problem) {
                // A file that is being written may be gone for a moment: look again.
                problem.lines().forEach(System.err::println);
            }
        }
    }

    private static void report(ControlApi.Resources outcome) {
        outcome.diagnostics().forEach(each -> System.err.println(each.text()));
        outcome.refusals().forEach(System.err::println);
        System.err.println(
                outcome.accepted()
                        ? "revision " + outcome.revision() + " in force"
                        : "refused; what was in force stays");
    }

    private static Map<String, String> byPath(List<PolicyFile> files) {
        Map<String, String> found = new TreeMap<>();
        files.forEach(each -> found.put(each.path(), each.content()));
        return found;
    }

    private static List<String> changed(Map<String, String> before, Map<String, String> now) {
        Map<String, String> all = new TreeMap<>(before);
        all.putAll(now);
        return all.keySet().stream()
                .filter(each -> !java.util.Objects.equals(before.get(each), now.get(each)))
                .toList();
    }
}
