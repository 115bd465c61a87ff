package io.pptpoperator.dataplane.client.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a connected client changes in a host's network, as iproute2 sees it. */
class ClientNetworkIT {

    private static final Ipv4Address SERVER = Ipv4Address.parse("198.51.100.1");
    private static final Ipv4Prefix EVERYTHING = Ipv4Prefix.parse("0.0.0.0/0");
    private static final Ipv4Prefix OFFICE = Ipv4Prefix.parse("10.20.0.0/16");
    private static final AddressPlan PLAN = plan("192.168.10.1");

    private NetworkNamespace namespace;

    private static AddressPlan plan(String peer) {
        return new AddressPlan(Ipv4Address.parse("192.168.10.100"), Ipv4Address.parse(peer), List.of(), List.of());
    }

    @BeforeEach
    void enterNamespace() {
        Requirement.root();
        Requirement.programs("ip");
        namespace = new NetworkNamespace();
        namespace.command("ip", "link", "add", "pptpit1", "type", "veth", "peer", "name", "pptpit2");
        namespace.command("ip", "link", "set", "pptpit1", "mtu", "1450", "up");
        namespace.command("ip", "link", "set", "pptpit2", "up");
        namespace.command("ip", "addr", "add", "10.3.0.2/24", "dev", "pptpit1");
        namespace.command("ip", "route", "add", "default", "via", "10.3.0.1");
    }

    @AfterEach
    void leaveNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private static String routes() throws IOException, InterruptedException {
        return NetworkNamespace.output("ip", "route");
    }

    @Test
    void everythingButTheWayToTheServerLeadsIntoTheTunnel() {
        namespace.run(() -> {
            String before = routes();
            try (Rtnetlink rtnetlink = Rtnetlink.open();
                    TunDevice tun = TunDevice.open("pptpit3", 1, TunDevice.Offload.NONE)) {
                Link link = rtnetlink.link(tun.name()).orElseThrow();
                var network = new ClientNetwork(rtnetlink, link);
                assertThat(ClientNetwork.uplinkMtu(rtnetlink, SERVER)).hasValue(1450);
                network.up(SERVER, PLAN, 1396, List.of(EVERYTHING));
                assertThat(NetworkNamespace.output("ip", "addr", "show", "pptpit3")).contains("mtu 1396",
                        "192.168.10.100 peer 192.168.10.1/32");
                assertThat(NetworkNamespace.output("ip", "route", "get", "198.51.100.1"))
                        .contains("via 10.3.0.1 dev pptpit1");
                assertThat(NetworkNamespace.output("ip", "route", "get", "203.0.113.1")).contains("dev pptpit3")
                        .contains("src 192.168.10.100");
                assertThat(routes()).contains("default via 10.3.0.1");
                network.down();
                network.down();
                assertThat(routes()).isEqualTo(before);
                network.up(SERVER, PLAN, 1396, List.of(OFFICE));
                assertThat(routes()).contains("10.20.0.0/16 dev pptpit3 proto 148").doesNotContain("198.51.100.1");
            }
            assertThat(routes()).as("once the device is gone").isEqualTo(before);
        });
    }

    @Test
    void onlyWhatNobodyOwnsAnyMoreIsRemoved() {
        namespace.run(() -> {
            String before = routes();
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                try (TunDevice tun = TunDevice.open("pptpit3", 1, TunDevice.Offload.NONE)) {
                    new ClientNetwork(rtnetlink, rtnetlink.link(tun.name()).orElseThrow()).up(SERVER, PLAN, 1396,
                            List.of(EVERYTHING));
                    assertThat(ClientNetwork.removeLeftovers(rtnetlink)).as("while its client lives").isZero();
                }
                assertThat(routes()).contains("198.51.100.1 via 10.3.0.1 dev pptpit1 proto 148");
                assertThat(ClientNetwork.removeLeftovers(rtnetlink)).isEqualTo(1);
                assertThat(routes()).isEqualTo(before);
            }
        });
    }

    @Test
    void aServerThatCallsBothItsEndsTheSameDoesNotDrawItsOwnPacketsIntoTheTunnel() {
        namespace.run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open();
                    TunDevice tun = TunDevice.open("pptpit3", 1, TunDevice.Offload.NONE)) {
                var network = new ClientNetwork(rtnetlink, rtnetlink.link(tun.name()).orElseThrow());
                network.up(SERVER, plan("198.51.100.1"), 1396, List.of(OFFICE));
                assertThat(NetworkNamespace.output("ip", "route", "get", "198.51.100.1")).contains("dev pptpit1");
                network.down();
            }
        });
    }

    @Test
    void aServerOnTheSameNetworkNeedsNoRouter() {
        namespace.run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open();
                    TunDevice tun = TunDevice.open("pptpit3", 1, TunDevice.Offload.NONE)) {
                var network = new ClientNetwork(rtnetlink, rtnetlink.link(tun.name()).orElseThrow());
                network.up(Ipv4Address.parse("10.3.0.77"), PLAN, 1396, List.of(EVERYTHING));
                assertThat(NetworkNamespace.output("ip", "route", "get", "10.3.0.77")).contains("dev pptpit1")
                        .doesNotContain("via");
                network.down();
            }
        });
    }
}
