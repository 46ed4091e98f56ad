package io.weft.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What an overlay renders to.
 *
 * @param text as kubectl printed it
 */
record Manifests(String text, List<Map<String, Object>> documents) {

    private static final Map<String, Manifests> RENDERED = new ConcurrentHashMap<>();

    /** A container, with the workload that it belongs to. */
    record Container(
            Map<String, Object> workload, Map<String, Object> pod, Map<String, Object> spec) {

        String name() {
            return Manifests.name(workload) + "/" + Tree.text(spec, "name");
        }

        String image() {
            return Tree.text(spec, "image");
        }
    }

    static Manifests of(String overlay) {
        Command.assumeInstalled("kubectl");
        return RENDERED.computeIfAbsent(overlay, Manifests::render);
    }

    private static Manifests render(String overlay) {
        try {
            String folder = Project.MODULE.resolve("overlays").resolve(overlay).toString();
            Command.Result result = Command.run(List.of("kubectl", "kustomize", folder));
            assertThat(result.errors()).as("kubectl kustomize %s", overlay).isEmpty();
            assertThat(result.code()).isZero();
            return new Manifests(result.output(), Project.yaml(result.output()));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    Stream<Map<String, Object>> kind(String kind) {
        return documents.stream().filter(document -> Tree.text(document, "kind").equals(kind));
    }

    boolean has(String kind, String namespace, String name) {
        return kind(kind)
                .anyMatch(each ->
                        name.equals(Tree.text(each, "metadata", "name"))
                                && namespace.equals(namespace(each)));
    }

    /** Deployments and Jobs. */
    Stream<Map<String, Object>> workloads() {
        return Stream.concat(kind("Deployment"), kind("Job"));
    }

    Stream<Container> containers() {
        return workloads()
                .flatMap(workload -> {
                    Map<String, Object> pod = pod(workload);
                    return Stream.concat(
                                    Tree.each(pod, "initContainers"), Tree.each(pod, "containers"))
                            .map(each -> new Container(workload, pod, each));
                });
    }

    static Map<String, Object> pod(Map<String, Object> workload) {
        return Tree.map(Tree.at(workload, "spec", "template", "spec"));
    }

    static String namespace(Map<String, Object> document) {
        return Tree.text(document, "metadata", "namespace");
    }

    static String name(Map<String, Object> document) {
        return Tree.text(document, "kind")
                + " "
                + namespace(document)
                + "/"
                + Tree.text(document, "metadata", "name");
    }
}
