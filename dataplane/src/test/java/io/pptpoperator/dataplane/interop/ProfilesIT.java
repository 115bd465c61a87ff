package io.pptpoperator.dataplane.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Guest;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import io.pptpoperator.dataplane.linux.Requirement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Real clients in two profiles at one server get what is theirs, and go on while that changes. */
@InteropLab
final class ProfilesIT {
    /** What a change of the files may take to count for a session. */
    private static final Duration LIVE = Duration.ofSeconds(5);
    private static final String FILTERED = "Packet filtered";
    private static final String USERS = """
            users:
              - {username: alice, password: "secret-a", profile: web}
              - {username: bob, password: "secret-b", profile: names}
            """;
    private static final String PROFILES = """
            profiles:
              - name: web
                allowedDestinations: [%s/32]
                dns: [192.0.2.53]
                routes: {push: [10.20.0.0/16], domain: depot.example}
              - name: names
                allowedDestinations: [%s/32]
            """.formatted(Lab.WEB, Lab.DNS);

    private final Lab lab;
    private final RunningServer server;

    ProfilesIT(Lab lab) {
        this.lab = lab;
        server = lab.serve("profiles", Configuration.SERVER + "isolateClients: false\n", USERS);
        server.applyProfiles(PROFILES);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** What one ping that is not let through hears. */
    private static String refused(Guest guest, String address) {
        return guest.run("ping -c 1 -W 5 " + address).output();
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "two profiles: destinations, name servers, a change during the session")
    @Test
    void clientsGetWhatTheirProfilesSayAndWhatTheyBecome() {
        try (var alice = PppClient.connect(lab.laptop(), Configuration.ALICE);
                var bob = PppClient.connect(lab.desktop(), Configuration.BOB)) {
            assertThat(alice.output().await("primary   DNS address", Await.PATIENCE)).endsWith("192.0.2.53");
            assertThat(bob.output().await("primary   DNS address", Await.PATIENCE)).endsWith(Lab.DNS);
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(refused(lab.laptop(), Lab.DNS)).contains(FILTERED);
            assertThat(lab.desktop().pings(Lab.DNS)).isEqualTo(5);
            assertThat(refused(lab.desktop(), Lab.WEB)).contains(FILTERED);
            assertThat(lab.laptop().pings(bob.localAddress())).as("not isolated").isEqualTo(5);

            server.writeProfiles(PROFILES.replace(Lab.WEB + "/32]", Lab.DNS + "/32]\n    isolateClients: true"));
            Await.until("the session goes by the changed profile", LIVE,
                    () -> refused(lab.laptop(), Lab.WEB).contains(FILTERED));
            assertThat(lab.laptop().pings(Lab.DNS)).isEqualTo(5);
            assertThat(refused(lab.desktop(), alice.localAddress())).as("isolated, from either side")
                    .contains(FILTERED);
            assertThat(alice.isRunning()).isTrue();

            server.writeProfiles(PROFILES.replace("name: names", "name: others"));
            bob.awaitExit();
            assertThat(alice.isRunning()).isTrue();
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
        }
        int logged = server.log().size();
        try (var bob = PppClient.start(lab.desktop(), Configuration.BOB)) {
            bob.output().await("E=649", Await.PATIENCE);
            assertThat(bob.awaitExit()).isNotZero();
        }
        assertThat(server.log().awaitFrom(logged, "profile-missing", Await.PATIENCE)).contains("bob");
        assertThat(server.log().text()).contains("user bob has the profile names");
        server.applyProfiles(PROFILES);
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "login outside the hours of the profile", encryption = Tried.NONE,
            result = "refused with error 646")
    @Test
    void outsideItsHoursAProfileIs646() {
        String day = LocalDate.now(ZoneOffset.UTC)
                .plusDays(3)
                .getDayOfWeek()
                .getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
        server.applyProfiles(
                PROFILES.replace("name: web", "name: web\n    hours: {windows: [\"" + day + " 08:00-18:00\"]}"));
        try (var client = PppClient.start(lab.laptop(), Configuration.ALICE)) {
            client.output().await("E=646", Await.PATIENCE);
            assertThat(client.awaitExit()).isNotZero();
        }
        server.applyProfiles(PROFILES);
    }

    /** dhcping is the DHCP client of Debian that asks by DHCPINFORM from an address that it has. */
    @Tried(with = Foreign.PPTP_LINUX, what = "routes, asked for by dhcping with DHCPINFORM through the tunnel",
            result = "answered")
    @Test
    void aDhcpClientsInformIsAnsweredThroughTheTunnel() {
        Requirement.programs("dhcping");
        try (var client = PppClient.connect(lab.laptop(), Configuration.ALICE)) {
            String asked = lab.laptop()
                    .must("dhcping -v -i -c " + client.localAddress() + " -s " + Configuration.TUNNEL
                            + " -h 00:11:22:33:44:55 -t 10");
            assertThat(asked).contains("Got answer from: " + Configuration.TUNNEL);
        }
        try (var client = PppClient.connect(lab.desktop(), Configuration.BOB)) {
            assertThat(lab.desktop()
                    .run("dhcping -v -i -c " + client.localAddress() + " -s " + Configuration.TUNNEL
                            + " -h 00:11:22:33:44:55 -t 3")
                    .output()).as("this profile pushes no routes").contains("no answer");
        }
    }
}
