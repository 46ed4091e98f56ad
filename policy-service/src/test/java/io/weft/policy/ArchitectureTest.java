package io.weft.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Arrows between the packages, and the core's independence of Spring. */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.weft.policy");

    @Test
    void theCoreKnowsNoSpring() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.weft.policy.ca..",
                        "io.weft.policy.control..",
                        "io.weft.policy.explain..",
                        "io.weft.policy.join..",
                        "io.weft.policy.jwks..",
                        "io.weft.policy.secrets..",
                        "io.weft.policy.server..",
                        "io.weft.policy.source..",
                        "io.weft.policy.state..",
                        "io.weft.policy.stream..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.fabric8..")
                .check(CLASSES);
    }

    @Test
    void nobodyIsBuiltOnWhatIsAboveIt() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.weft.policy.ca..", "io.weft.policy.source..", "io.weft.policy.state..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.weft.policy.control..",
                        "io.weft.policy.stream..",
                        "io.weft.policy.join..",
                        "io.weft.policy.server..",
                        "io.weft.policy.api..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.weft.policy.stream..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.weft.policy.control..",
                        "io.weft.policy.source..",
                        "io.weft.policy.server..")
                .check(CLASSES);
    }
}
