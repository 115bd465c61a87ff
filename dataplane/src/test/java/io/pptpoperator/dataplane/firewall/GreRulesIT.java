package io.pptpoperator.dataplane.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read into rules that nft and iptables themselves have made. */
class GreRulesIT {

    private static final Ipv4Address NODE = Ipv4Address.parse("198.51.100.1");
    private static final Ipv4Address PEER = Ipv4Address.parse("203.0.113.7");
    private static final Ipv4Address POD = Ipv4Address.parse("10.244.0.1");

    @TempDir
    private Path folder;

    private NetworkNamespace namespace;

    @BeforeEach
    void enterNamespace() {
        Requirement.root();
        Requirement.programs("ip", "nft", "iptables-nft", "iptables-nft-restore");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void leaveNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private void nft(String rules) {
        load("nft -f", rules);
    }

    private void load(String program, String rules) {
        try {
            Path file = Files.writeString(folder.resolve("rules"), rules);
            namespace.command("sh", "-c", program + " " + file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A base chain of a hook, with these rules, separated by semicolons. */
    private void chain(String hook, String rules) {
        nft("table inet firewall {\n chain base {\n type filter hook " + hook + " priority 0;\n "
                + rules.replace(";", "\n") + "\n}\n}");
    }

    private List<Interference> found() {
        return namespace.call(() -> {
            try (Nftables nftables = Nftables.open()) {
                return GreRules.find(nftables, nftables.baseChains());
            }
        });
    }

    private List<String> foundBetween(Ipv4Address local, Ipv4Address peer) {
        return found().stream().filter(it -> it.concerns(local, peer)).map(Interference::what).toList();
    }

    private static String resource(String name) {
        try (InputStream in = GreRulesIT.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void kubeProxyWithIptables() {
        load("iptables-nft-restore", resource("kube-proxy.iptables"));
    }

    @Test
    void withoutRulesThereIsNothing() {
        assertThat(found()).isEmpty();
    }

    @Test
    void kubeProxysIptablesConcernPodsAndLoopbackOnly() {
        kubeProxyWithIptables();
        assertThat(foundBetween(NODE, PEER)).isEmpty();
        assertThat(foundBetween(POD, PEER)).containsExactly("nftables chain ip nat FLANNEL-POSTRTG (MASQUERADE)");
        assertThat(foundBetween(NODE, POD)).containsExactly("nftables chain ip nat FLANNEL-POSTRTG (MASQUERADE)");
        assertThat(foundBetween(NODE, Ipv4Address.parse("127.0.0.1")))
                .containsExactly("nftables chain ip filter KUBE-FIREWALL (drop)");
    }

    @Test
    void kubeProxysNftablesConcernPodsAndServicesOnly() {
        nft(resource("kube-proxy.nft"));
        assertThat(foundBetween(NODE, PEER)).isEmpty();
        assertThat(foundBetween(POD, PEER)).containsExactly("nftables chain ip pods translate (masq)");
        assertThat(foundBetween(NODE, Ipv4Address.parse("10.96.0.10"))).containsExactly(
                "nftables chain ip kube-proxy cluster-ips-check (reject)",
                "nftables chain ip kube-proxy cluster-ips-check (drop)");
        assertThat(foundBetween(NODE, Ipv4Address.parse("10.96.0.11")))
                .containsExactly("nftables chain ip kube-proxy cluster-ips-check (drop)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OUTPUT      | filter | -p gre -j DROP
            OUTPUT      | filter | -j KUBE-SERVICES -p all -m recent --set
            OUTPUT      | mangle | -j MARK --set-mark 1
            OUTPUT      | mangle | -p 47 -j TTL --ttl-set 5
            OUTPUT      | raw    | -p gre -j NOTRACK
            INPUT       | filter | -m conntrack --ctstate NEW -j DROP
            INPUT       | filter | -p gre
            INPUT       | filter | -m mark --mark 1 -j DROP
            PREROUTING  | nat    | -p gre -j DNAT --to-destination 198.51.100.2
            PREROUTING  | raw    | -p tcp --dport 1723 -j CT --helper pptp
            POSTROUTING | nat    | -o eth0 -j MASQUERADE
            POSTROUTING | mangle | -s 198.51.100.0/22 ! -d 203.0.112.0/24 -j DSCP --set-dscp 1
            """)
    void aRuleOfIptablesBesideKubeProxysThatMayConcernGreIsFound(String chain, String table, String rule) {
        kubeProxyWithIptables();
        namespace.command("sh", "-c", "iptables-nft -t " + table + " -A " + chain + " " + rule);
        assertThat(foundBetween(NODE, PEER)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OUTPUT      | filter | -p tcp -j DROP
            OUTPUT      | filter | ! -p gre -j DROP
            OUTPUT      | filter | -m mark --mark 0x10/0xf0 -j DROP
            INPUT       | filter | -p udp -m conntrack --ctstate INVALID -j DROP
            INPUT       | filter | -p gre -m conntrack --ctstate NEW -j ACCEPT
            FORWARD     | filter | -p gre -j DROP
            PREROUTING  | nat    | -p tcp --dport 1723 -j DNAT --to-destination 198.51.100.2
            POSTROUTING | nat    | -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
            POSTROUTING | nat    | -s 10.0.0.0/9 -d 203.0.113.7 -j MASQUERADE
            """)
    void aRuleOfIptablesThatCannotConcernGreIsNot(String chain, String table, String rule) {
        kubeProxyWithIptables();
        namespace.command("sh", "-c", "iptables-nft -t " + table + " -A " + chain + " " + rule);
        assertThat(foundBetween(NODE, PEER)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            output      | ip protocol gre drop
            output      | ip protocol 40-50 drop
            output      | meta l4proto { tcp, gre } drop
            output      | meta l4proto != { tcp, udp } drop
            output      | meta mark 0 drop
            output      | meta mark and 0xff != 1 drop
            output      | ip daddr 203.0.113.0/24 meta mark set 1
            output      | ip daddr { 203.0.113.1-203.0.113.9, 192.0.2.0/24 } drop
            output      | ip daddr != { 192.0.2.0/24 } drop
            output      | ip daddr . meta l4proto { 203.0.113.7 . gre } drop
            output      | ip saddr . ip daddr { 198.51.100.1 . 203.0.113.7 } drop
            output      | ip daddr vmap { 203.0.113.7 : drop, 192.0.2.1 : accept }
            output      | meta l4proto vmap { tcp : accept, gre : drop }
            output      | meta skuid 1000 drop
            output      | limit rate 1/second accept
            output      | ip dscp 0 counter
            output      | log
            output      | ip ttl set 3
            output      | ip saddr 198.51.100.1 accept; drop
            output      | ct state established accept; drop
            output      | policy drop; ip daddr 203.0.113.7 meta l4proto gre accept
            input       | policy drop; ct state established,related accept; tcp dport 1723 accept
            input       | ct state invalid drop
            input       | iifname eth0 drop
            input       | ip saddr 203.0.113.7 drop
            input       | meta mark 7 drop
            prerouting  | fib daddr type local drop
            prerouting  | notrack
            postrouting | oifname eth0 drop
            """)
    void aRuleOfNftThatMayConcernGreIsFound(String hook, String rules) {
        chain(hook, rules);
        assertThat(foundBetween(NODE, PEER)).hasSize(1)
                .first()
                .asString()
                .startsWith("nftables chain inet firewall base (");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            output      | ip protocol tcp drop
            output      | ip6 nexthdr gre drop
            output      | meta nfproto ipv6 drop
            output      | meta l4proto { tcp, udp } drop
            output      | meta l4proto != gre drop
            output      | meta mark 1 drop
            output      | ip daddr 203.0.114.0/23 drop
            output      | ip daddr { 203.0.113.8-203.0.113.9, 192.0.2.0/24 } drop
            output      | ip daddr != { 0.0.0.0/0 } drop
            output      | ip daddr . meta l4proto { 203.0.113.7 . tcp } drop
            output      | ip daddr vmap { 203.0.113.8 : drop }
            output      | meta l4proto vmap { tcp : drop, udp : drop }
            output      | ip protocol gre accept; drop
            output      | policy drop; meta l4proto { tcp, gre } accept
            output      | ct state established accept
            output      | tcp dport 22 limit rate 1/second log
            input       | policy drop; ct state established,related accept; ip protocol gre accept
            input       | ip saddr != 0.0.0.0/0 drop
            prerouting  | udp dport 53 notrack
            forward     | drop
            """)
    void aRuleOfNftThatCannotConcernGreIsNot(String hook, String rules) {
        chain(hook, rules);
        assertThat(foundBetween(NODE, PEER)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jump a; drop", "goto a; drop", "tcp dport 1 jump a; jump a"})
    void whatAnotherChainSurelyAcceptsIsNotRefusedBehindIt(String rules) {
        nft("table ip firewall {\n chain b { meta l4proto 47 accept; }\n"
                + "chain a { meta l4proto tcp return; jump b; drop; }\n"
                + "chain base { type filter hook output priority 0; policy drop; " + rules + "; }\n}");
        assertThat(found()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jump a; drop", "ct state new goto a; drop", "goto a", "jump a"})
    void whatAnotherChainReturnsIsRefusedBehindIt(String rules) {
        nft("table ip firewall {\n chain a { return; accept; }\n"
                + "chain base { type filter hook output priority 0; policy drop; " + rules + "; }\n}");
        assertThat(found()).isNotEmpty().allMatch(Interference::concernsAll);
    }

    @Test
    void aSetThatPacketsFillIsNotReliedOn() {
        nft("""
                table ip firewall {
                    set seen { type ipv4_addr; flags dynamic,timeout; timeout 1h; }
                    chain base { type filter hook output priority 0; ip daddr @seen drop; }
                }""");
        assertThat(foundBetween(NODE, PEER)).hasSize(1);
    }

    @Test
    void helpersOfConnectionTrackingCountWhereThereIsNat() {
        nft("""
                table ip nat {
                    ct helper pptp { type "pptp" protocol tcp; }
                    chain base { type filter hook prerouting priority -200; tcp dport 1723 ct helper set "pptp"; }
                }""");
        assertThat(found()).isEmpty();
        nft("table ip other {\n chain base { type nat hook prerouting priority -100; }\n}");
        assertThat(foundBetween(NODE, PEER)).containsExactly("helpers of connection tracking");
    }

    @Test
    void ourOwnTablesDoNotCount() {
        nft("table ip pptp-operator-pptpd0 {\n chain base { type nat hook postrouting priority 100;"
                + " masquerade; }\n}");
        assertThat(found()).isEmpty();
    }

    @Test
    void thousandsOfServicesAreReadAndMoreRulesThanReasonableAreNot() {
        StringBuilder rules = new StringBuilder("table ip firewall {\n chain services {\n");
        for (int i = 0; i < 15_000; i++) {
            rules.append("ip daddr 10.96.").append(i / 250).append('.').append(i % 250).append(" tcp dport 80 drop\n");
        }
        rules.append("}\n chain base { type filter hook output priority 0; jump services; }\n}");
        nft(rules.toString());
        assertThat(found()).isEmpty();
        nft("table ip firewall {\n chain base { ct state new jump services; }\n}");
        assertThat(found()).hasSize(1).allMatch(Interference::concernsAll);
    }
}
