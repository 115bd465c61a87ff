package io.pptpoperator.dataplane.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NftTransactionTest {

    /**
     * What nft 1.0.6 sends for {@code oifname "eth0" ip saddr @s masquerade comment "hello"} in table ip t1, chain
     * postrouting, with the lookup's set named by name alone (nft adds its number).
     */
    private static final String RULE = """
            04 01 00 00 06 0a 01 0c  05 00 00 00 00 00 00 00
            02 00 00 00 07 00 01 00  74 31 00 00 10 00 02 00
            70 6f 73 74 72 6f 75 74  69 6e 67 00 cc 00 04 80
            24 00 01 80 09 00 01 00  6d 65 74 61 00 00 00 00
            14 00 02 80 08 00 02 00  00 00 00 07 08 00 01 00
            00 00 00 01 38 00 01 80  08 00 01 00 63 6d 70 00
            2c 00 02 80 08 00 01 00  00 00 00 01 08 00 02 00
            00 00 00 00 18 00 03 80  14 00 01 00 65 74 68 30
            00 00 00 00 00 00 00 00  00 00 00 00 34 00 01 80
            0c 00 01 00 70 61 79 6c  6f 61 64 00 24 00 02 80
            08 00 01 00 00 00 00 01  08 00 02 00 00 00 00 01
            08 00 03 00 00 00 00 0c  08 00 04 00 00 00 00 04
            24 00 01 80 0b 00 01 00  6c 6f 6f 6b 75 70 00 00
            14 00 02 80 08 00 02 00  00 00 00 01 06 00 01 00
            73 00 00 00 14 00 01 80  09 00 01 00 6d 61 73 71
            00 00 00 00 04 00 02 80  0c 00 07 00 00 06 68 65
            6c 6c 6f 00
            """;

    /** The same program's base chain {@code type nat hook postrouting priority srcnat; policy accept}. */
    private static final String CHAIN = """
            50 00 00 00 03 0a 01 04  02 00 00 00 00 00 00 00
            02 00 00 00 07 00 01 00  74 31 00 00 10 00 03 00
            70 6f 73 74 72 6f 75 74  69 6e 67 00 08 00 07 00
            6e 61 74 00 08 00 05 00  00 00 00 01 14 00 04 80
            08 00 01 00 00 00 00 04  08 00 02 00 00 00 00 64
            """;

    @Test
    void aRuleAndAChainAreWhatNftSends() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the recorded bytes are little-endian");
        NftTransaction transaction = new NftTransaction()
                .addBaseChain(NftFamily.IP, "t1", "postrouting", "nat", NftHook.POSTROUTING, 100)
                .appendRule(NftFamily.IP, "t1", "postrouting", "hello",
                        new NftStatement.InterfaceIs(NftStatement.Interface.OUTPUT, true, "eth0"),
                        new NftStatement.AddressIn(NftStatement.Address.SOURCE, true, "s"),
                        new NftStatement.Masquerade());
        assertThat(hex(transaction.messages().get(0).finish(2, 0))).isEqualTo(CHAIN.replaceAll("\\s", ""));
        assertThat(hex(transaction.messages().get(1).finish(5, 0))).isEqualTo(RULE.replaceAll("\\s", ""));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void overlappingAndNeighbouringPrefixesBecomeOneInterval() {
        assertThat(elements("10.0.1.0/24", "10.0.0.0/24", "10.0.0.128/25", "255.0.0.0/8", "10.0.4.0/24"))
                .containsExactly("10.0.0.0", "-10.0.2.0", "10.0.4.0", "-10.0.5.0", "255.0.0.0");
        assertThat(elements("0.0.0.0/0", "10.0.0.0/8")).containsExactly("0.0.0.0");
    }

    @Test
    void aLongSetIsSplitIntoMessagesThatFit() {
        List<Ipv4Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            prefixes.add(new Ipv4Prefix(new Ipv4Address(0x0a000000 + 2 * i), 32));
        }
        NftTransaction transaction = new NftTransaction().addAddressSet(NftFamily.IP, "t", "s", prefixes);
        assertThat(transaction.messages()).hasSize(6);
        assertThat(elements(transaction)).hasSize(10_000);
    }

    @Property(tries = 200)
    void theIntervalsHoldExactlyTheAddressesOfThePrefixes(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 0xffff) Integer> places) {
        List<Ipv4Prefix> prefixes = places.stream().map(place -> {
            int length = 28 + place % 5;
            return new Ipv4Prefix(new Ipv4Address(place >> 8 & -1 << 32 - length), length);
        }).toList();
        List<String> elements = elements(new NftTransaction().addAddressSet(NftFamily.IP, "t", "s", prefixes));
        for (int bits = 0; bits < 300; bits++) {
            Ipv4Address address = new Ipv4Address(bits);
            boolean inside = false;
            for (String element : elements) {
                Ipv4Address boundary = Ipv4Address.parse(element.replace("-", ""));
                if (boundary.compareTo(address) <= 0) {
                    inside = !element.startsWith("-");
                }
            }
            assertThat(inside).as("%s in %s", address, prefixes)
                    .isEqualTo(prefixes.stream().anyMatch(prefix -> prefix.contains(address)));
        }
    }

    private static List<String> elements(String... prefixes) {
        return elements(new NftTransaction().addAddressSet(NftFamily.IP, "t", "s",
                Stream.of(prefixes).map(Ipv4Prefix::parse).toList()));
    }

    /** The boundaries in order, with a dash before those that end an interval. */
    private static List<String> elements(NftTransaction transaction) {
        return transaction.messages()
                .stream()
                .map(message -> NetlinkMessage.decode(message.finish(1, 0)).get(0))
                .filter(message -> message.type() == NftNumbers.type(NftNumbers.NFT_MSG_NEWSETELEM))
                .flatMap(message -> message.attributes(NftNumbers.NFGENMSG)
                        .nested(NftNumbers.NFTA_SET_ELEM_LIST_ELEMENTS)
                        .elements()
                        .stream())
                .map(element -> (element.has(NftNumbers.NFTA_SET_ELEM_FLAGS) ? "-" : "")
                        + element.nested(NftNumbers.NFTA_SET_ELEM_KEY)
                                .address(NftNumbers.NFTA_DATA_VALUE)
                                .orElseThrow())
                .toList();
    }

    @Test
    void aCommentThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> new NftTransaction().appendRule(NftFamily.IP, "t", "c", "x".repeat(128)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("127 bytes");
    }
}
