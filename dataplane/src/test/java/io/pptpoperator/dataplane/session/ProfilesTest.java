package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.datapath.MemoryTunnel;
import io.pptpoperator.dataplane.datapath.TunnelLimits;
import io.pptpoperator.dataplane.datapath.TunnelReach;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ip.InternetChecksum;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import io.pptpoperator.protocol.rate.RateBucket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What profiles make of their users' sessions; it is noon of a Friday, UTC. */
class ProfilesTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final String NETWORK = World.NETWORK + "dns: [192.168.10.2]\n";
    private static final String USERS = """
            users:
              - {username: alice, password: secret-a, profile: warehouse}
              - {username: bob, password: secret-b}
            """;
    private static final String WAREHOUSE = """
            profiles:
              - name: warehouse
                allowedDestinations: [10.20.0.0/16]
                isolateClients: true
                dns: [10.20.0.53]
                wins: [10.20.0.54]
                sessionPolicy: {perUser: 2, idleTimeout: 5m}
                rateLimit: {download: 10M}
              - name: office
                sessionPolicy: {maxDuration: 1h}
            """;

    private final World world = new World();

    private void configure(String profiles) {
        world.configure(NETWORK, USERS, profiles);
    }

    private Line connect(Dialer dialer, int number) {
        return LoginTest.connect(world, HOME.plus(number), dialer);
    }

    private MemoryTunnel tunnel(Dialer dialer) {
        return world.datapath.tunnelOf(dialer.address()).orElseThrow();
    }

    private static long download(MemoryTunnel tunnel) {
        return tunnel.limits().download().map(RateBucket::bitsPerSecond).orElse(0L);
    }

    @Test
    void aUserHasWhatTheProfileSaysAndOthersWhatTheServerSays() {
        configure(WAREHOUSE);
        Dialer alice = Dialer.alice();
        Dialer bob = Dialer.bob();
        connect(alice, 0);
        connect(Dialer.alice(), 1); // perUser: 2
        connect(bob, 2);

        assertThat(tunnel(alice).reach()).contains(new TunnelReach(true, List.of(Ipv4Prefix.parse("10.20.0.0/16"))));
        assertThat(download(tunnel(alice))).isEqualTo(10_000_000);
        assertThat(alice.network.orElseThrow().dns()).containsExactly(Ipv4Address.parse("10.20.0.53"));
        assertThat(alice.isUp()).isTrue();
        assertThat(tunnel(bob).reach()).isEmpty();
        assertThat(tunnel(bob).limits()).isEqualTo(TunnelLimits.NONE);
        assertThat(bob.network.orElseThrow().dns()).containsExactly(Ipv4Address.parse("192.168.10.2"));
        LoginTest.assertPingsPass(world, alice);

        world.run(Duration.ofMinutes(6));
        assertThat(world.record.ends).hasSize(2).allSatisfy(end -> {
            assertThat(end.reason()).isEqualTo(TerminationReason.IDLE_TIMEOUT);
            assertThat(end.session().username()).contains("alice");
        });
    }

    @Test
    void whatTheUserHasOfItsOwnGoesFirst() {
        world.configure(NETWORK, USERS.replace("profile: w", "rateLimit: {upload: 1M}, maxSessions: 1, profile: w"),
                WAREHOUSE);
        Dialer alice = Dialer.alice();
        connect(alice, 0);
        assertThat(download(tunnel(alice))).as("the user's rate is the whole rate").isZero();
        Dialer again = Dialer.alice();
        connect(again, 1);
        world.run(Duration.ofSeconds(5));
        assertThat(world.record.ends).singleElement()
                .satisfies(end -> assertThat(end.reason()).isEqualTo(TerminationReason.REPLACED));
    }

    @Test
    void aChangedProfileCountsForSessionsThatAreThere() {
        configure(WAREHOUSE);
        Dialer alice = Dialer.alice();
        Line line = connect(alice, 0);
        TunnelLimits before = tunnel(alice).limits();
        configure(WAREHOUSE.replace("10.20.0.0/16", "10.30.0.0/16"));
        assertThat(tunnel(alice).reach().orElseThrow().allowedDestinations())
                .containsExactly(Ipv4Prefix.parse("10.30.0.0/16"));
        assertThat(tunnel(alice).limits()).as("as long as its rate is the same, its bucket is").isEqualTo(before);

        configure(WAREHOUSE.replace("10M", "20M"));
        assertThat(download(tunnel(alice))).isEqualTo(20_000_000);

        world.configure(NETWORK, USERS.replace("warehouse", "office"), WAREHOUSE);
        assertThat(tunnel(alice).reach()).isEmpty();
        assertThat(tunnel(alice).limits()).isEqualTo(TunnelLimits.NONE);
        assertThat(line.session().terms().profile()).contains("office");
        LoginTest.assertPingsPass(world, alice);
        world.run(Duration.ofMinutes(61));
        assertThat(world.record.ends).singleElement().satisfies(end -> {
            assertThat(end.reason()).isEqualTo(TerminationReason.SESSION_TIMEOUT);
            assertThat(end.detail()).contains("longest time");
        });
    }

    @Test
    void whoseProfileIsNotThereIsNotServed() {
        configure(WAREHOUSE.replace("warehouse", "depot"));
        assertThat(LoginTest.dialInVain(world, HOME, Dialer.alice()).reason())
                .isEqualTo(TerminationReason.AUTHENTICATION_FAILED);
        assertThat(world.record.failedLogins.getFirst().reason()).isEqualTo(LoginFailure.PROFILE_MISSING);
        assertThat(world.record.notes).containsExactly("user alice has the profile warehouse, which"
                + " users.profiles.yaml does not have: nobody who has it is let in");

        configure(WAREHOUSE);
        Dialer alice = Dialer.alice();
        connect(alice, 1);
        configure("");
        world.run(Duration.ofSeconds(2));
        assertThat(alice.isUp()).isFalse();
        assertThat(world.record.ends.getLast().detail()).isEqualTo("there is no profile warehouse any more");
    }

    @Test
    void whoIsOverTheQuotaIsNotServed() {
        configure(WAREHOUSE);
        Dialer alice = Dialer.alice();
        connect(alice, 0);
        String spent = USERS.replace("profile: warehouse", "overQuota: true");
        world.configure(NETWORK, spent, WAREHOUSE);
        world.run(Duration.ofSeconds(2));
        assertThat(world.record.ends).singleElement().satisfies(end -> {
            assertThat(end.reason()).isEqualTo(TerminationReason.USER_CHANGED);
            assertThat(end.detail()).isEqualTo("Traffic quota used up");
        });
        Dialer again = Dialer.alice();
        Line line = world.connect(HOME, again);
        world.runUntil("the call is over", () -> !line.isOpen());
        assertThat(again.loginFailure).contains(LoginFailure.REFUSED);
        assertThat(world.record.failedLogins.getLast().reason()).isEqualTo(LoginFailure.QUOTA_USED_UP);
    }

    /** 2026-01-02 is a Friday; 16:00 in Berlin is 15:00. */
    @Test
    void sessionsEndAtTheClosingTimeAndNobodyIsLetInUntilTheOpening() {
        world.configure(NETWORK, USERS.replace("warehouse", "office"), WAREHOUSE.replace("1h", "0s")
                + "    hours: {timeZone: Europe/Berlin, windows: [Mon-Fri 08:00-16:00, Sat 09:30-10:00]}\n");
        Dialer alice = Dialer.alice();
        Dialer bob = Dialer.bob();
        connect(alice, 0);
        connect(bob, 1);
        world.run(Duration.ofHours(2).plusMinutes(59));
        assertThat(alice.isUp()).isTrue();

        world.run(Duration.ofMinutes(1).plusSeconds(2));
        assertThat(alice.isUp()).isFalse();
        assertThat(bob.isUp()).isTrue();
        assertThat(world.record.ends).singleElement().satisfies(end -> {
            assertThat(end.reason()).isEqualTo(TerminationReason.SESSION_TIMEOUT);
            assertThat(end.detail()).isEqualTo("the hours of profile office are over");
        });

        Dialer early = Dialer.alice();
        Line line = world.connect(HOME, early);
        world.runUntil("the call is over", () -> !line.isOpen());
        assertThat(early.loginFailure).as("E=646").contains(LoginFailure.OUTSIDE_HOURS);
        assertThat(world.record.failedLogins.getLast().reason()).isEqualTo(LoginFailure.OUTSIDE_HOURS);

        Instant saturday = Instant.parse("2026-01-03T08:30:01Z");
        world.run(Duration.between(World.NOON.plusMillis(world.now()), saturday));
        connect(Dialer.alice(), 2);
    }

    @Test
    void anotherProcessKnowsTheProfile() {
        configure(WAREHOUSE);
        Dialer alice = Dialer.alice();
        connect(alice, 0);
        world.handOver();
        assertThat(tunnel(alice).reach().orElseThrow().isolated()).isTrue();
        assertThat(download(tunnel(alice))).isEqualTo(10_000_000);
        LoginTest.assertPingsPass(world, alice);
        configure("profiles: [{name: warehouse}]");
        assertThat(tunnel(alice).reach()).isEmpty();
        assertThat(world.record.ends).isEmpty();
    }

    @Test
    void anotherProcessGivesUsersTheProfileThatItsFilesName() {
        configure(WAREHOUSE);
        Dialer bob = Dialer.bob();
        connect(bob, 0);
        assertThat(tunnel(bob).reach()).isEmpty();

        world.handOver(NETWORK, USERS.replace("secret-b}", "secret-b, profile: warehouse}"), WAREHOUSE);

        assertThat(tunnel(bob).reach().orElseThrow().isolated()).isTrue();
        assertThat(world.record.ends).isEmpty();
    }

    private static byte[] inform(Ipv4Address from) {
        ByteBuffer packet = ByteBuffer.allocate(272);
        packet.putInt(0x4500_0110).putInt(0).putInt(0x8011_0000).putInt(from.bits()).putInt(-1);
        packet.putShort((short) 68).putShort((short) 67).putShort((short) 252).putShort((short) 0);
        packet.putInt(0x0108_0600).putInt(0xCAFE_0001).putInt(0).putInt(from.bits());
        packet.putInt(28 + 236, 0x6382_5363).put(28 + 240, new byte[]{53, 1, 8, (byte) 255});
        packet.putShort(10, (short) InternetChecksum.of(packet, 0, 20));
        return packet.array();
    }

    /** What a client reads in the answer, from the options on; empty if there is none. */
    private String told(Dialer dialer) {
        int before = dialer.received.size();
        dialer.tunnel().sendIp(inform(dialer.address()));
        world.run(Duration.ofSeconds(2));
        return dialer.received.stream()
                .skip(before)
                .filter(packet -> packet[9] == 17)
                .map(packet -> HexFormat.of().formatHex(packet, 268, packet.length))
                .collect(Collectors.joining());
    }

    @Test
    void clientsAreToldWhatTheyReachThroughTheTunnelByProfileOrServer() {
        String profiles = WAREHOUSE.replace("isolateClients: true",
                "routes: {push: [10.20.0.0/16], domain: depot.example}");
        configure(profiles);
        Dialer alice = Dialer.alice();
        Dialer bob = Dialer.bob();
        connect(alice, 0);
        connect(bob, 1);
        assertThat(told(alice)).startsWith("350105" + "3604c0a80a01" + "06040a140035" + "0f0d6465706f742e6578616d706c65"
                + "2c040a140036" + "7907100a14c0a80a01" + "f907100a14c0a80a01" + "ff");
        assertThat(told(bob)).as("nothing is set").isEmpty();

        world.configure(NETWORK + "routes: {push: [0.0.0.0/0]}\n", USERS, profiles);
        assertThat(told(bob)).startsWith("350105" + "3604c0a80a01" + "0604c0a80a02" + "790500c0a80a01");
        world.handOver();
        assertThat(told(alice)).contains("100a14c0a80a01");
        configure(WAREHOUSE);
        assertThat(told(alice)).isEmpty();
        assertThat(told(bob)).isEmpty();
    }
}
