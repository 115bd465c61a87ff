package io.pptpoperator.dataplane;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.pptpoperator.dataplane.client.PnsSession;
import io.pptpoperator.dataplane.client.probe.Diagnosis;
import io.pptpoperator.dataplane.session.PacSession;
import io.pptpoperator.dataplane.session.Terms;
import java.util.List;

/** Holds the code to the picture in docs/architecture.md. */
@AnalyzeClasses(packages = "io.pptpoperator.dataplane", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesDependDownwardOnly = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("address")
            .definedBy("..protocol.address..")
            .layer("linux")
            .definedBy("..dataplane.linux..")
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
            .layer("channel")
            .definedBy("..dataplane.channel..")
            .layer("yaml")
            .definedBy("..dataplane.yaml..")
            .layer("config")
            .definedBy("..dataplane.config..")
            .layer("network")
            .definedBy("..dataplane.network..")
            .layer("firewall")
            .definedBy("..dataplane.firewall..")
            .layer("datapath")
            .definedBy("..dataplane.datapath..")
            .layer("session")
            .definedBy("..dataplane.session..")
            .layer("radius packets")
            .definedBy("..protocol.radius..")
            .layer("radius")
            .definedBy("..dataplane.radius..")
            .layer("log")
            .definedBy("..dataplane.log..")
            .layer("adminapi")
            .definedBy("..dataplane.adminapi..")
            .layer("admin")
            .definedBy("..dataplane.admin..")
            .layer("handover")
            .definedBy("..dataplane.handover..")
            .layer("server")
            .definedBy("..dataplane.server..")
            .layer("client")
            .definedBy("..dataplane.client..")
            .whereLayer("linux")
            .mayOnlyAccessLayers("address")
            .whereLayer("channel")
            .mayOnlyAccessLayers("control", "rate")
            .whereLayer("yaml")
            .mayNotAccessAnyLayer()
            .whereLayer("config")
            .mayOnlyAccessLayers("yaml", "address", "rate", "hours", "ppp")
            .whereLayer("network")
            .mayOnlyAccessLayers("address", "linux")
            .whereLayer("firewall")
            .mayOnlyAccessLayers("address", "linux")
            .whereLayer("datapath")
            .mayOnlyAccessLayers("address", "linux", "rate", "mppe", "gre", "ip", "dhcp", "tunnel", "firewall")
            .whereLayer("session")
            .mayOnlyAccessLayers("address", "rate", "hours", "mppe", "ip", "dhcp", "control", "channel", "ppp",
                    "radius packets", "config", "datapath")
            .whereLayer("handover")
            .mayOnlyAccessLayers("address", "linux", "session")
            .whereLayer("radius")
            .mayOnlyAccessLayers("address", "rate", "channel", "ppp", "radius packets", "config", "datapath", "session")
            .whereLayer("log")
            .mayOnlyAccessLayers("config")
            .whereLayer("adminapi")
            .mayOnlyAccessLayers("address")
            .whereLayer("admin")
            .mayOnlyAccessLayers("address", "linux", "ppp", "config", "adminapi")
            .whereLayer("client")
            .mayOnlyAccessLayers("address", "linux", "mppe", "gre", "ip", "control", "channel", "ppp", "tunnel",
                    "config", "network", "datapath")
            .whereLayer("client")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule decisionsKnowNoSocketsThreadsOrClocks = noClasses().that()
            .belongToAnyOf(PnsSession.class, Diagnosis.class, PacSession.class, Terms.class)
            .or()
            .haveNameMatching(
                    ".*\\.session\\.(LoginProgress|Logins|LocalUsers|LoginBackoff|SessionLogin|LinkPlan|Users)")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio.channels..", "java.util.concurrent..", "io.netty..",
                    "org.slf4j..", "com.sun.jna..")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    /** The floors of {@code session}, from the ground up: nobody knows who stands above. */
    private static final List<String> FLOORS_OF_SESSION = List.of("PacSession", "Session", "Logins", "SessionTable",
            "PeerConnection", "Sessions");

    @ArchTest
    static void sessionsFloorsAreLevel(JavaClasses classes) {
        for (int floor = 0; floor < FLOORS_OF_SESSION.size() - 1; floor++) {
            String above = String.join("|", FLOORS_OF_SESSION.subList(floor + 1, FLOORS_OF_SESSION.size()));
            noClasses().that()
                    .haveNameMatching(".*\\.session\\." + FLOORS_OF_SESSION.get(floor) + "(\\$.*)?")
                    .should()
                    .dependOnClassesThat()
                    .haveNameMatching(".*\\.session\\.(" + above + ")(\\$.*)?")
                    .check(classes);
        }
    }
}
