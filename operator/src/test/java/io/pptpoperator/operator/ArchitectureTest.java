package io.pptpoperator.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the code to the picture in docs/architecture.md. */
@AnalyzeClasses(packages = "io.pptpoperator.operator", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesDependDownwardOnly = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("manifest")
            .definedBy("..operator.manifest")
            .layer("resource")
            .definedBy("..operator.resource")
            .layer("roster")
            .definedBy("..operator.roster")
            .layer("lending")
            .definedBy("..operator.lending")
            .layer("render")
            .definedBy("..operator.render")
            .layer("pki")
            .definedBy("..operator.pki")
            .layer("session")
            .definedBy("..operator.session")
            .layer("status")
            .definedBy("..operator.status")
            .layer("metrics")
            .definedBy("..operator.metrics")
            .layer("event")
            .definedBy("..operator.event")
            .layer("cache")
            .definedBy("..operator.cache")
            .layer("leader")
            .definedBy("..operator.leader")
            .layer("writing")
            .definedBy("..operator.reconciler.writing")
            .layer("controller")
            .definedBy("..operator.reconciler.controller")
            .layer("polling")
            .definedBy("..operator.reconciler.polling")
            .layer("reporting")
            .definedBy("..operator.reconciler.reporting")
            .layer("reconciler")
            .definedBy("..operator.reconciler")
            .layer("operate")
            .definedBy("..operator.operate")
            .layer("standalone")
            .definedBy("..operator.standalone")
            .layer("pptpdimport")
            .definedBy("..operator.pptpdimport")
            .whereLayer("manifest")
            .mayNotAccessAnyLayer()
            .whereLayer("resource")
            .mayNotAccessAnyLayer()
            .whereLayer("roster")
            .mayOnlyAccessLayers("resource")
            .whereLayer("lending")
            .mayOnlyAccessLayers("resource", "session")
            .whereLayer("render")
            .mayOnlyAccessLayers("roster", "lending")
            .whereLayer("pki")
            .mayOnlyAccessLayers("resource")
            .whereLayer("session")
            .mayOnlyAccessLayers("pki")
            .whereLayer("status")
            .mayOnlyAccessLayers("resource", "roster", "session")
            .whereLayer("metrics")
            .mayNotAccessAnyLayer()
            .whereLayer("event")
            .mayOnlyAccessLayers("resource", "status", "metrics")
            .whereLayer("cache")
            .mayOnlyAccessLayers("resource", "roster")
            .whereLayer("leader")
            .mayNotAccessAnyLayer()
            .whereLayer("writing")
            .mayOnlyBeAccessedByLayers("controller", "polling", "reporting", "reconciler")
            .whereLayer("controller")
            .mayOnlyBeAccessedByLayers("polling", "reporting", "reconciler")
            .whereLayer("polling")
            .mayOnlyBeAccessedByLayers("reporting", "reconciler")
            .whereLayer("reporting")
            .mayOnlyBeAccessedByLayers("reconciler")
            .whereLayer("reconciler")
            .mayOnlyBeAccessedByLayers("operate")
            .whereLayer("standalone")
            .mayOnlyAccessLayers("manifest", "roster", "render")
            .whereLayer("pptpdimport")
            .mayOnlyAccessLayers("manifest", "roster", "standalone")
            .whereLayer("operate")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule whatIsWorkedOutAsksNobody = noClasses().that()
            .resideInAnyPackage("..operator.resource", "..operator.roster", "..operator.lending", "..operator.render",
                    "..operator.manifest")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8.kubernetes.client.dsl..", "java.net.http..", "java.util.concurrent",
                    "io.javaoperatorsdk..");
}
