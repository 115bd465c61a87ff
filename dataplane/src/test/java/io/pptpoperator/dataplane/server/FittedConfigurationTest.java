package io.pptpoperator.dataplane.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.linux.netlink.InterfaceAddress;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.network.HostNetworks;
import io.pptpoperator.dataplane.server.FittedConfiguration.Skipped;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FittedConfigurationTest {

    private static final HostNetworks HOST = HostNetworks.of("pptpd0",
            List.of(new Link(2, "eth0", 1500, true, false, true, OptionalLong.empty())),
            List.of(new InterfaceAddress(2, Ipv4Address.parse("10.1.1.5"), Ipv4Prefix.parse("10.1.1.0/24"))),
            List.of());

    private static FittedConfiguration fit(String user) {
        return FittedConfiguration.of(ConfigReader.parse("{localIP: 10.8.0.1, pools: [10.8.0.2-254]}\n",
                "users:\n  - {username: bob, password: secret-b, " + user + "}\n"), HOST);
    }

    private static UserConfig bob(FittedConfiguration fitted) {
        return fitted.configuration().users().getFirst();
    }

    @Test
    void whatTheHostDoesNotReachIsLeftAlone() {
        FittedConfiguration fitted = fit("address: 10.9.0.7, routes: [192.168.50.0/24]");

        assertThat(fitted.skipped()).isEmpty();
        assertThat(bob(fitted).address()).contains(Ipv4Address.parse("10.9.0.7"));
        assertThat(bob(fitted).routes()).containsExactly(Ipv4Prefix.parse("192.168.50.0/24"));
    }

    @Test
    void anAddressOfTheHostsNetworkIsNotGivenOut() {
        FittedConfiguration fitted = fit("address: 10.1.1.7");

        assertThat(bob(fitted).address()).isEmpty();
        assertThat(fitted.skipped()).containsExactly(new Skipped("bob",
                "address 10.1.1.7 overlaps 10.1.1.0/24, which this host reaches through eth0: an address of the"
                        + " pools is given instead"));
    }

    @Test
    void ofSeveralRoutesOnlyTheHostsAreLeftOut() {
        FittedConfiguration fitted = fit("routes: [10.0.0.0/8, 192.168.50.0/24, 10.1.1.7/32]");

        assertThat(bob(fitted).routes()).containsExactly(Ipv4Prefix.parse("192.168.50.0/24"));
        assertThat(fitted.skipped()).extracting(Skipped::reason)
                .containsExactly(
                        "route 10.0.0.0/8 overlaps 10.1.1.0/24, which this host reaches through eth0: this network is not"
                                + " routed to the client",
                        "route 10.1.1.7/32 overlaps 10.1.1.0/24, which this host reaches through eth0: this network is not"
                                + " routed to the client");
    }
}
