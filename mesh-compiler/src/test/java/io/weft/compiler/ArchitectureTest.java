package io.weft.compiler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between packages. */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.weft.compiler");

    @Test
    void noDialectKnowsAnother() {
        slices().matching("io.weft.compiler.dialect.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.weft.compiler.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theSeamKnowsNoDialectAndTheParserKnowsNoMeaning() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.weft.compiler.dialect",
                        "io.weft.compiler.catalog",
                        "io.weft.compiler.yaml",
                        "io.weft.compiler.diagnostic")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.weft.compiler.dialect.*")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.weft.compiler.yaml")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.weft.compiler.dialect..", "io.weft.compiler.catalog")
                .check(CLASSES);
    }

    @Test
    void neitherEngineNorFrameworksAreUsed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.weft.engine..",
                        "io.weft.dataplane..",
                        "org.springframework..",
                        "io.netty..")
                .check(CLASSES);
    }
}
