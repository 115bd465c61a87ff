package io.pptpoperator.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPoolTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.168.10.100-200               | 192.168.10.100-192.168.10.200              | 101
            192.168.10.7                     | 192.168.10.7                               | 1
            192.168.10.200-192.168.11.10     | 192.168.10.200-192.168.11.10               | 67
            192.168.0.234-238,192.168.0.245  | 192.168.0.234-192.168.0.238,192.168.0.245  | 6
            10.0.0.5-6, 10.0.0.1-4           | 10.0.0.1-10.0.0.6                          | 6
            10.0.0.1-9, 10.0.0.3-20          | 10.0.0.1-10.0.0.20                         | 20
            10.8.0.0/24                      | 10.8.0.1-10.8.0.254                        | 254
            10.8.0.4/30                      | 10.8.0.5-10.8.0.6                          | 2
            10.8.0.4/31                      | 10.8.0.4-10.8.0.5                          | 2
            10.8.0.4/32                      | 10.8.0.4                                   | 1
            0.0.0.0-255.255.255.255          | 0.0.0.0-255.255.255.255                    | 4294967296
            255.255.255.255, 255.255.255.254 | 255.255.255.254-255.255.255.255            | 2
            """)
    void readsWhatPoolsAreWrittenAs(String text, String canonical, long size) {
        AddressPool pool = AddressPool.parse(text);
        assertThat(pool).hasToString(canonical).isEqualTo(AddressPool.parse(canonical));
        assertThat(pool.size()).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "192.168.10.300", "192.168.10.100-300", "192.168.10.100-", "-200", "10.0.0.1-2-3",
            "10.0.0.0/33", "10.0.0.0/", "10.0.0.1/24", "10.0.0.1/x", "a", "10.0.0.1,", "10.0.0.9-1", "10.0.0.1-01",
            "192.168.0-1.1"})
    void whatIsNoPoolIsNamedWithWhatWouldBeRight(String text) {
        assertThatThrownBy(() -> AddressPool.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("would be right");
    }

    @Test
    void anExcludedNetworkMeansAllOfItsAddresses() {
        assertThat(AddressPool.parseExclusion("10.8.0.0/30").size()).isEqualTo(4);
        AddressPool pool = AddressPool.parse("10.8.0.0/24").minus(AddressPool.parseExclusion("10.8.0.0/28,10.8.0.100"));
        assertThat(pool).hasToString("10.8.0.16-10.8.0.99,10.8.0.101-10.8.0.254");
    }

    @Test
    void aNetworkOfSixteenMillionAddressesIsOneRange() {
        AddressPool pool = AddressPool.parse("10.0.0.0/8");
        assertThat(pool.size()).isEqualTo((1 << 24) - 2);
        assertThat(pool.ranges()).hasSize(1);
        assertThat(pool.at(pool.size() - 1)).hasToString("10.255.255.254");
        assertThat(pool.addresses().skip(1000).findFirst()).contains(Ipv4Address.parse("10.0.3.233"));
    }

    @Test
    void routesCoverExactlyTheRanges() {
        assertThat(AddressPool.parse("192.168.10.100-200").toPrefixes()).map(Ipv4Prefix::toString)
                .containsExactly("192.168.10.100/30", "192.168.10.104/29", "192.168.10.112/28", "192.168.10.128/26",
                        "192.168.10.192/29", "192.168.10.200/32");
        assertThat(AddressPool.parse("0.0.0.0-255.255.255.255").toPrefixes()).map(Ipv4Prefix::toString)
                .containsExactly("0.0.0.0/0");
    }

    @Test
    void aPositionOutsideIsDeclared() {
        AddressPool pool = AddressPool.parse("10.0.0.1-3");
        assertThatThrownBy(() -> pool.at(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> pool.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> AddressPool.EMPTY.at(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Ranges near the ends of the address space and in its middle, where the sign bit turns. */
    @Provide
    Arbitrary<List<AddressRange>> ranges() {
        Arbitrary<Integer> bases = Arbitraries.of(0, 0x7fffffc0, 0xffffffc0);
        return Combinators.combine(bases, Arbitraries.integers().between(0, 63), Arbitraries.integers().between(0, 63))
                .as((base, a, b) -> new AddressRange(new Ipv4Address(base + Math.min(a, b)),
                        new Ipv4Address(base + Math.max(a, b))))
                .list()
                .ofMaxSize(6);
    }

    @Property
    void behavesAsASetOfAddresses(@ForAll("ranges") List<AddressRange> left,
            @ForAll("ranges") List<AddressRange> right) {
        Set<Ipv4Address> model = addresses(left);
        AddressPool pool = AddressPool.of(left);
        assertThat(pool.addresses()).containsExactlyElementsOf(model);
        assertThat(AddressPool.of(left).plus(AddressPool.of(right)).addresses())
                .containsExactlyElementsOf(addresses(concat(left, right)));
        Set<Ipv4Address> difference = addresses(left);
        difference.removeAll(addresses(right));
        assertThat(pool.minus(AddressPool.of(right)).addresses()).containsExactlyElementsOf(difference);
        assertThat(pool.overlaps(AddressPool.of(right))).isEqualTo(difference.size() < model.size());
        for (int near : new int[]{0, 0x7fffffc0, 0xffffffc0}) {
            for (int i = -1; i <= 64; i++) {
                var address = new Ipv4Address(near + i);
                assertThat(pool.contains(address)).isEqualTo(model.contains(address));
            }
        }
    }

    @Property
    void prefixesAreAnotherFormOfTheSameAddresses(@ForAll("ranges") List<AddressRange> ranges) {
        AddressPool pool = AddressPool.of(ranges);
        List<Ipv4Prefix> prefixes = pool.toPrefixes();
        assertThat(AddressPool.of(prefixes.stream().map(AddressRange::of).toList())).isEqualTo(pool);
        assertThat(prefixes.stream().mapToLong(prefix -> AddressRange.of(prefix).size()).sum()).isEqualTo(pool.size());
    }

    private static Set<Ipv4Address> addresses(List<AddressRange> ranges) {
        var set = new TreeSet<Ipv4Address>();
        for (AddressRange range : ranges) {
            for (long i = 0; i < range.size(); i++) {
                set.add(range.first().plus((int) i));
            }
        }
        return set;
    }

    private static List<AddressRange> concat(List<AddressRange> left, List<AddressRange> right) {
        var all = new ArrayList<>(left);
        all.addAll(right);
        return all;
    }
}
