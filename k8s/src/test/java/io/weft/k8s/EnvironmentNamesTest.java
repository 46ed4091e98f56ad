package io.weft.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each variable that is set is one that the program in the image reads, and its value one that it
 * takes.
 */
class EnvironmentNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "login", "demo", "captured"})
    void everyVariableOfAManifestIsAPropertyOfItsProgram(String overlay) {
        List<String> unknown = new ArrayList<>();
        Manifests.of(overlay)
                .containers()
                .forEach(container ->
                        ProgramProperties.ofImage(container.image())
                                .ifPresent(program ->
                                        program.unknown(variables(container.spec()).keySet())
                                                .forEach(name ->
                                                        unknown.add(
                                                                container.name() + ": " + name))));
        assertThat(unknown).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "login", "demo", "captured"})
    void everyProgramOfTheMeshTakesTheValuesOfItsVariables(String overlay) {
        Manifests.of(overlay)
                .containers()
                .forEach(container ->
                        ProgramProperties.ofImage(container.image())
                                .ifPresent(program -> program.bind(variables(container.spec()))));
    }

    @Test
    void everyVariableOfTheComposeFileIsAPropertyOfItsProgramAndHasAValueThatItTakes() {
        List<String> unknown = new ArrayList<>();
        ComposeFile.read()
                .services()
                .forEach((name, service) ->
                        ProgramProperties.ofImage(Tree.text(service, "image"))
                                .ifPresent(program -> {
                                    Map<String, String> variables = new LinkedHashMap<>();
                                    Tree.map(Tree.at(service, "environment"))
                                            .forEach((key, value) ->
                                                    variables.put(key, String.valueOf(value)));
                                    program.unknown(variables.keySet())
                                            .forEach(each -> unknown.add(name + ": " + each));
                                    program.bind(variables);
                                }));
        assertThat(unknown).isEmpty();
    }

    @Test
    void aVariableThatNoProgramReadsIsFound() {
        ProgramProperties sidecar =
                ProgramProperties.ofImage("weft/mesh-agent:0.1.0").orElseThrow();
        assertThat(
                        sidecar.unknown(
                                List.of(
                                        "WEFT_MESH_JOIN_TOKENFILE",
                                        "WEFT_MESH_JOIN_TOKEN_FILE",
                                        "WEFT_MESH_LABELS_APP",
                                        "WEFT_MESH_INBOUND_0_PORT",
                                        "WEFT_MESH_INBOUND_PORT",
                                        "BLOG_INSTANCE")))
                .containsExactly(
                        "WEFT_MESH_JOIN_TOKEN_FILE", "WEFT_MESH_INBOUND_PORT", "BLOG_INSTANCE");
    }

    /** What comes from elsewhere (an address, a Secret) stands for itself. */
    private static Map<String, String> variables(Map<String, Object> container) {
        Map<String, String> variables = new LinkedHashMap<>();
        Stream<Map<String, Object>> all = Tree.each(container, "env");
        all.forEach(each ->
                variables.put(
                        Tree.text(each, "name"),
                        Tree.has(each, "valueFrom") ? "10.0.0.1" : Tree.text(each, "value")));
        return variables;
    }
}
