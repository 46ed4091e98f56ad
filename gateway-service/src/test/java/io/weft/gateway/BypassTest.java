package io.weft.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.weft.engine.authz.Permit;
import org.junit.jupiter.api.Test;

/**
 * Nothing that runs in a gateway can send a request around the decision on it. Filters see an
 * exchange only behind its permit; {@code mesh://} routes and filters' own calls go through the
 * outbound phases, at whose other end the callee decides.
 */
class BypassTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(
                            "io.weft.dataplane",
                            "io.weft.engine",
                            "io.weft.spring",
                            "io.weft.gateway",
                            "io.weft.login");

    @Test
    void springSeesTheDataPlaneThroughItsSeamsOnly() {
        noClasses()
                .that()
                .resideInAnyPackage("io.weft.spring..", "io.weft.gateway..", "io.weft.login..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "io.weft.dataplane.upstream..",
                                "io.weft.dataplane.listener..",
                                "io.weft.dataplane.gateway..",
                                "io.weft.dataplane.http..",
                                "io.weft.dataplane.tcp..",
                                "io.weft.engine.authz.."))
                .check(CLASSES);
    }

    @Test
    void nobodyButTheEngineMakesAPermit() {
        noClasses()
                .that(not(resideInAnyPackage("io.weft.engine.authz..")))
                .should()
                .callConstructor(Permit.class)
                .orShould()
                .accessTargetWhere(
                        com.tngtech.archunit.core.domain.JavaAccess.Predicates.target(
                                com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With
                                        .owner(
                                                com.tngtech.archunit.core.domain.JavaClass
                                                        .Predicates.equivalentTo(Permit.class))))
                .check(CLASSES);
    }

    @Test
    void whateverTakesARequestOnAsksForThePermit() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .haveFullyQualifiedName("io.weft.dataplane.http.RouteRunner")
                .and()
                .haveNameMatching("run|act|forward")
                .or()
                .areDeclaredInClassesThat()
                .haveFullyQualifiedName("io.weft.dataplane.http.LaneRun")
                .and()
                .haveName("start")
                .or()
                .areDeclaredInClassesThat()
                .haveFullyQualifiedName("io.weft.dataplane.listener.AppForwarder")
                .and()
                .haveName("forward")
                .or()
                .areDeclaredInClassesThat()
                .haveFullyQualifiedName("io.weft.dataplane.tcp.TcpExchange")
                .and()
                .haveName("forward")
                .should(takeAPermit())
                .check(CLASSES);
    }

    private static ArchCondition<JavaMethod> takeAPermit() {
        return new ArchCondition<>("take a permit") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean takes =
                        method.getRawParameterTypes().stream()
                                .anyMatch(type -> type.isEquivalentTo(Permit.class));
                events.add(new SimpleConditionEvent(method, takes, method.getFullName()));
            }
        };
    }
}
