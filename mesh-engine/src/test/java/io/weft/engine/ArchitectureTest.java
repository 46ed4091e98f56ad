package io.weft.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.weft.engine.authz.Permit;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.weft.engine");

    @Test
    void theEngineKnowsNoFrameworkAndDoesNoInputOrOutput() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty..",
                        "org.springframework..",
                        "reactor..",
                        "java.net.http..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "io.weft.dataplane..",
                        "io.weft.compiler..")
                .check(CLASSES);
    }

    @Test
    void decisionsDoNotKnowEachOther() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.weft.engine..")
                .layer("root")
                .definedBy("io.weft.engine")
                .layer("match")
                .definedBy("io.weft.engine.match")
                .layer("path")
                .definedBy("io.weft.engine.path")
                .layer("route")
                .definedBy("io.weft.engine.route")
                .layer("authz")
                .definedBy("io.weft.engine.authz")
                .layer("jwt")
                .definedBy("io.weft.engine.jwt")
                .layer("balance")
                .definedBy("io.weft.engine.balance")
                .layer("retry")
                .definedBy("io.weft.engine.retry")
                .layer("ratelimit")
                .definedBy("io.weft.engine.ratelimit")
                .layer("explain")
                .definedBy("io.weft.engine.explain")
                .whereLayer("root")
                .mayNotAccessAnyLayer()
                .whereLayer("match")
                .mayOnlyAccessLayers("root")
                .whereLayer("path")
                .mayOnlyAccessLayers("root")
                .whereLayer("route")
                .mayOnlyAccessLayers("root", "match")
                .whereLayer("authz")
                .mayOnlyAccessLayers("root", "match")
                .whereLayer("jwt")
                .mayOnlyAccessLayers("root", "match")
                .whereLayer("balance")
                .mayOnlyAccessLayers("root", "match")
                .whereLayer("retry")
                .mayOnlyAccessLayers("root")
                .whereLayer("ratelimit")
                .mayOnlyAccessLayers("root")
                .whereLayer("explain")
                .mayNotBeAccessedByAnyLayer()
                .check(CLASSES);
    }

    @Test
    void onlyTheAuthorisationPackageCanMakeAPermit() {
        classes()
                .that()
                .belongToAnyOf(Permit.class)
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
        com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors()
                .that()
                .areDeclaredIn(Permit.class)
                .should()
                .bePackagePrivate()
                .check(CLASSES);
    }

    @Test
    void timeAndChanceAreInjected() {
        noClasses()
                .that()
                .doNotHaveSimpleName("SystemMeshClock")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(CLASSES);
    }
}
