package io.pptpoperator.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the library to what its README says of it. */
@AnalyzeClasses(packages = "io.pptpoperator.protocol", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesDependDownwardOnly = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("address")
            .definedBy("..protocol.address..")
            .layer("rate")
            .definedBy("..protocol.rate..")
            .layer("hours")
            .definedBy("..protocol.hours..")
            .layer("mppe")
            .definedBy("..protocol.mppe..")
            .layer("gre")
            .definedBy("..protocol.gre..")
            .layer("ip")
            .definedBy("..protocol.ip..")
            .layer("dhcp")
            .definedBy("..protocol.dhcp..")
            .layer("control")
            .definedBy("..protocol.control..")
            .layer("ppp")
            .definedBy("..protocol.ppp..")
            .layer("tunnel")
            .definedBy("..protocol.tunnel..")
            .layer("radius")
            .definedBy("..protocol.radius..")
            .whereLayer("address")
            .mayNotAccessAnyLayer()
            .whereLayer("rate")
            .mayNotAccessAnyLayer()
            .whereLayer("hours")
            .mayNotAccessAnyLayer()
            .whereLayer("mppe")
            .mayNotAccessAnyLayer()
            .whereLayer("gre")
            .mayNotAccessAnyLayer()
            .whereLayer("ip")
            .mayOnlyAccessLayers("address")
            .whereLayer("dhcp")
            .mayOnlyAccessLayers("address", "ip")
            .whereLayer("control")
            .mayOnlyAccessLayers("address")
            .whereLayer("ppp")
            .mayOnlyAccessLayers("address", "mppe")
            .whereLayer("tunnel")
            .mayOnlyAccessLayers("gre", "mppe", "ppp")
            .whereLayer("radius")
            .mayOnlyAccessLayers("address", "rate", "mppe");

    @ArchTest
    static final ArchRule nothingButTheJdkIsNeeded = classes().should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.pptpoperator.protocol..", "java..", "javax.crypto..");

    @ArchTest
    static final ArchRule noSocketsThreadsOrClocks = noClasses().should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "java.nio.channels..", "java.util.concurrent",
                    "java.util.concurrent.locks")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}
