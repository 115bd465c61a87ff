package io.pptpoperator.dataplane.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Accept;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Address;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.AddressIn;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.AddressWithin;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Answers;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Counter;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.DestinationTranslated;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Drop;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Interface;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.InterfaceIs;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Masquerade;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Style;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nfnetlink sets, as nft sees it, and the other way round. */
class NftablesIT {

    private static final NftChain CHAIN = new NftChain(NftFamily.IP, "pptpit", "postrouting", 4, "nat", false);

    private static final String FIREWALL = """
            table ip filter {
                chain FORWARD {
                    type filter hook forward priority filter; policy drop;
                    counter packets 1 bytes 2
                }
                chain INPUT { type filter hook input priority filter; }
                chain other { }
            }
            table inet firewall {
                chain through {
                    type filter hook forward priority filter + 10
                    ct state established accept
                    iifname "x" drop comment "a condition"
                    log prefix "refused" reject with icmpx admin-prohibited
                }
            }
            table ip6 six {
                chain FORWARD { type filter hook forward priority filter; policy drop; }
            }
            """;

    private NetworkNamespace namespace;

    @BeforeEach
    void enterNamespace() {
        Requirement.root();
        Requirement.programs("ip", "nft");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void leaveNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private static NftTransaction table(List<Ipv4Prefix> clients) {
        return new NftTransaction().deleteTable(NftFamily.IP, "pptpit")
                .addTable(NftFamily.IP, "pptpit")
                .addAddressSet(NftFamily.IP, "pptpit", "clients", clients)
                .addBaseChain(NftFamily.IP, "pptpit", "postrouting", "nat", NftHook.POSTROUTING, 100)
                .appendRule(NftFamily.IP, "pptpit", "postrouting", "a comment",
                        new InterfaceIs(Interface.OUTPUT, true, "eth0"), new AddressIn(Address.SOURCE, true, "clients"),
                        new AddressIn(Address.DESTINATION, false, "clients"), new Masquerade());
    }

    private static List<Ipv4Prefix> prefixes(String... prefixes) {
        return List.of(prefixes).stream().map(Ipv4Prefix::parse).toList();
    }

    @Test
    void aTableIsWhatNftWouldHaveMade() {
        namespace.run(() -> {
            try (Nftables nftables = Nftables.open()) {
                for (int repetition = 0; repetition < 2; repetition++) {
                    nftables.commit("cannot make the table", table(
                            prefixes("10.8.0.0/24", "192.168.10.100/30", "192.168.10.104/29", "255.255.255.0/24")));
                    assertThat(NetworkNamespace.output("nft", "list", "ruleset").replaceAll("\\s+", " ")).isEqualTo("""
                            table ip pptpit {
                             set clients {
                             type ipv4_addr
                             flags interval
                             elements = { 10.8.0.0/24, 192.168.10.100-192.168.10.111,
                             255.255.255.0/24 }
                             }
                             chain postrouting {
                             type nat hook postrouting priority srcnat; policy accept;
                             oifname "eth0" ip saddr @clients ip daddr != @clients masquerade comment "a comment"
                             }
                            }
                            """.replaceAll("\\s+", " "));
                }
                nftables.commit("cannot delete", new NftTransaction().deleteTable(NftFamily.IP, "pptpit"));
                nftables.commit("cannot delete", new NftTransaction().deleteTable(NftFamily.IP, "pptpit"));
                assertThat(NetworkNamespace.output("nft", "list", "ruleset")).isEmpty();
            }
        });
    }

    @Test
    void aSetOfThousandsOfRangesIsMadeInOneTransaction() {
        namespace.run(() -> {
            try (Nftables nftables = Nftables.open()) {
                nftables.commit("cannot make the table",
                        table(IntStream.range(0, 4000)
                                .mapToObj(i -> Ipv4Prefix.parse("10." + i / 100 + "." + i % 100 * 2 + ".0/24"))
                                .toList()));
                assertThat(NetworkNamespace.output("nft", "list", "set", "ip", "pptpit", "clients"))
                        .contains("10.0.0.0/24", "10.39.198.0/24");
            }
        });
    }

    @Test
    void aRefusedTransactionChangesNothingAndNamesTheCause() {
        namespace.run(() -> {
            try (Nftables nftables = Nftables.open()) {
                assertThatThrownBy(() -> nftables.commit("cannot make the table",
                        new NftTransaction().addTable(NftFamily.IP, "pptpit")
                                .appendRule(NftFamily.IP, "pptpit", "missing", "", new Accept())))
                        .isInstanceOfSatisfying(NetlinkException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                        .hasMessageStartingWith("cannot make the table");
                assertThat(NetworkNamespace.output("nft", "list", "ruleset")).isEmpty();
                nftables.commit("cannot make the table", table(prefixes("10.0.0.0/8")));
            }
        });
    }

    @Test
    void contentsDifferAsSoonAsSomebodyChangesThem() {
        namespace.run(() -> {
            try (Nftables nftables = Nftables.open()) {
                assertThat(nftables.contents(CHAIN, List.of("clients"))).isEmpty();
                nftables.commit("cannot make the table", table(prefixes("10.8.0.0/24")));
                var contents = nftables.contents(CHAIN, List.of("clients"));
                assertThat(contents).isNotEmpty();
                assertThat(nftables.contents(CHAIN, List.of("nothing"))).isEmpty();
                NetworkNamespace.output("nft", "add", "table", "ip", "pptpitother");
                assertThat(nftables.contents(CHAIN, List.of("clients"))).isEqualTo(contents);
                for (String change : List.of("flush set ip pptpit clients", "flush chain ip pptpit postrouting",
                        "add rule ip pptpit postrouting counter", "flush ruleset",
                        "add element ip pptpit clients { 1.2.3.4 }",
                        "add chain ip pptpit postrouting { policy drop; }")) {
                    NetworkNamespace.output("nft", change);
                    assertThat(nftables.contents(CHAIN, List.of("clients"))).as(change).isNotEqualTo(contents);
                    nftables.commit("cannot make the table", table(prefixes("10.8.0.0/24")));
                    contents = nftables.contents(CHAIN, List.of("clients"));
                }
            }
        });
    }

    @Test
    void chainsThatRefuseAreRecognisedAndRulesGoWhereTheyShall() {
        namespace.command("nft", FIREWALL);
        namespace.run(() -> {
            try (Nftables nftables = Nftables.open()) {
                List<NftChain> chains = nftables.baseChains();
                assertThat(chains).extracting(NftChain::toString)
                        .containsExactlyInAnyOrder("ip filter FORWARD", "ip filter INPUT", "inet firewall through");
                NftChain forward = chains.stream()
                        .filter(chain -> chain.name().equals("FORWARD"))
                        .findFirst()
                        .orElseThrow();
                NftChain through = chains.stream()
                        .filter(chain -> chain.name().equals("through"))
                        .findFirst()
                        .orElseThrow();
                assertThat(forward.dropPolicy()).isTrue();
                assertThat(forward.isAt(NftHook.FORWARD)).isTrue();
                assertThat(through.dropPolicy()).isFalse();
                assertThat(nftables.rules(through)).extracting(NftRule::refusesEverything)
                        .containsExactly(false, false, true);
                assertThat(nftables.rules(through)).extracting(NftRule::comment)
                        .containsExactly(Optional.empty(), Optional.of("a condition"), Optional.empty());

                nftables.commit("cannot accept",
                        new NftTransaction()
                                .insertRule(NftFamily.IP, "filter", nftables.rules(forward).getFirst(), "ours",
                                        new InterfaceIs(Interface.INPUT, true, "pptpit0"), new Counter(), new Accept())
                                .insertRule(NftFamily.INET, "firewall", nftables.rules(through).getLast(), "ours",
                                        new InterfaceIs(Interface.OUTPUT, false, "pptpit0"),
                                        new Answers(true, Style.NFT), new Accept())
                                .appendRule(NftFamily.IP, "filter", "FORWARD", "last", new DestinationTranslated(false),
                                        new AddressWithin(Address.SOURCE, Ipv4Prefix.parse("10.1.0.0/16")),
                                        new AddressWithin(Address.DESTINATION, Ipv4Prefix.parse("10.2.0.1/32")),
                                        new Answers(false, Style.NFT), new Drop()));
                assertThat(NetworkNamespace.output("nft", "list", "chain", "ip", "filter", "FORWARD"))
                        .containsSubsequence("policy drop;",
                                "iifname \"pptpit0\" counter packets 0 bytes 0 accept comment \"ours\"",
                                "counter packets 1 bytes 2",
                                "ct status ! dnat ip saddr 10.1.0.0/16 ip daddr 10.2.0.1 ct state"
                                        + " ! established,related drop comment \"last\"");
                assertThat(NetworkNamespace.output("nft", "list", "chain", "inet", "firewall", "through"))
                        .containsSubsequence("a condition",
                                "oifname != \"pptpit0\" ct state established,related" + " accept comment \"ours\"",
                                "reject");

                NftRule ours = nftables.rules(forward).get(0);
                assertThat(ours.comment()).contains("ours");
                nftables.commit("cannot delete", new NftTransaction().deleteRule(NftFamily.IP, "filter", ours)
                        .deleteRule(NftFamily.IP, "filter", nftables.rules(forward).getLast()));
                assertThat(nftables.rules(forward)).singleElement()
                        .extracting(NftRule::comment)
                        .isEqualTo(Optional.empty());
            }
        });
    }

    @Test
    void changesAreNotified() {
        namespace.run(() -> {
            try (NetlinkSocket watch = Nftables.watch()) {
                Poller poller = new Poller(1);
                poller.add(watch.fd(), Poller.READABLE);
                assertThat(watch.drainNotifications()).isFalse();
                NetworkNamespace.output("nft", "add", "table", "ip", "pptpit");
                assertThat(poller.await(Await.PATIENCE.toNanos())).isEqualTo(1);
                assertThat(watch.drainNotifications()).isTrue();
            }
        });
    }
}
