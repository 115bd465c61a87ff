package io.pptpoperator.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSetTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 17, 1_000})
    void holdsExactlyWhatWasPutIn(int size) {
        Random random = new Random(size);
        Set<Integer> bits = new HashSet<>();
        while (bits.size() < size) {
            // Neighbours in a few networks, as on a real host.
            bits.add(0x0A00_0000 | random.nextInt(4) << 16 | random.nextInt(1, 2 * size + 2));
        }
        AddressSet set = new AddressSet(bits.stream().map(Ipv4Address::new).toList());
        assertThat(bits).allMatch(set::contains);
        assertThat(IntStream.range(0, 10_000).map(i -> 0x0A00_0000 | i).filter(bit -> !bits.contains(bit)))
                .noneMatch(set::contains);
    }

    @Test
    void theAddressThatNoHostHasIsInNoSet() {
        assertThat(AddressSet.EMPTY.contains(0)).isFalse();
        assertThat(new AddressSet(Set.of(Ipv4Address.ANY, new Ipv4Address(-1))).contains(0)).isFalse();
        assertThat(new AddressSet(Set.of(Ipv4Address.ANY, new Ipv4Address(-1))).contains(-1)).isTrue();
    }
}
