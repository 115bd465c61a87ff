package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
    private final RoutingTable<String> table = new RoutingTable<>();

    private static int bits(String address) {
        return Ipv4Address.parse(address).bits();
    }

    private static Ipv4Prefix host(int bits) {
        return new Ipv4Prefix(new Ipv4Address(bits), 32);
    }

    @Test
    void theMostSpecificRouteWins() {
        table.put(Ipv4Prefix.parse("0.0.0.0/0"), "default");
        table.put(Ipv4Prefix.parse("10.0.0.0/8"), "wide");
        table.put(Ipv4Prefix.parse("10.1.0.0/16"), "narrow");
        table.put(Ipv4Prefix.parse("10.1.2.3"), "host");
        assertThat(table.find(bits("10.1.2.3"))).isEqualTo("host");
        assertThat(table.find(bits("10.1.2.4"))).isEqualTo("narrow");
        assertThat(table.find(bits("10.2.0.0"))).isEqualTo("wide");
        assertThat(table.find(bits("11.0.0.0"))).isEqualTo("default");
        assertThat(table.remove(Ipv4Prefix.parse("10.1.0.0/16"), "narrow")).isTrue();
        assertThat(table.find(bits("10.1.2.4"))).isEqualTo("wide");
        assertThat(table.size()).isEqualTo(3);
    }

    @Test
    void anEmptyTableKnowsNobody() {
        assertThat(table.find(0)).isNull();
        assertThat(table.find(-1)).isNull();
    }

    @Test
    void aRouteIsOnlyRemovedForItsOwner() {
        table.put(host(5), "first");
        assertThat(table.put(host(5), "second")).isEqualTo("first");
        assertThat(table.remove(host(5), "first")).isFalse();
        assertThat(table.find(5)).isEqualTo("second");
        assertThat(table.remove(host(5), "second")).isTrue();
        assertThat(table.remove(host(5), "second")).isFalse();
        assertThat(table.find(5)).isNull();
        assertThat(table.size()).isZero();
    }

    @Test
    void everyAddressOfTwoPoolsIsFoundAndNoOther() {
        int pools = bits("10.0.0.1");
        int apart = 1 << 16;
        var routes = new RoutingTable<Integer>();
        for (int i = 0; i < 5_000; i++) {
            routes.put(host(pools + i), i);
            routes.put(host(pools + apart + i), -i);
        }
        for (int i = 0; i < 5_000; i += 2) {
            assertThat(routes.remove(host(pools + i), i)).isTrue();
        }
        for (int i = 0; i < 6_000; i++) {
            assertThat(routes.find(pools + i)).isEqualTo(i < 5_000 && i % 2 == 1 ? i : null);
            assertThat(routes.find(pools + apart + i)).isEqualTo(i < 5_000 ? -i : null);
        }
        assertThat(routes.size()).isEqualTo(7_500);
    }

    @Property
    void findsWhatASearchThroughAllRoutesFinds(@ForAll long seed) {
        var random = new Random(seed);
        var routes = new RoutingTable<Integer>();
        Map<Ipv4Prefix, Integer> model = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            int length = random.nextInt(3) == 0 ? random.nextInt(33) : 32;
            int mask = length == 0 ? 0 : -1 << 32 - length;
            var prefix = new Ipv4Prefix(new Ipv4Address(random.nextInt(64) * 0x0101_0101 & mask), length);
            if (random.nextInt(3) == 0) {
                Integer owner = model.get(prefix);
                assertThat(routes.remove(prefix, owner == null ? -1 : owner)).isEqualTo(model.remove(prefix) != null);
            } else {
                assertThat(routes.put(prefix, i)).isEqualTo(model.put(prefix, i));
            }
            int destination = random.nextInt(70) * 0x0101_0101;
            Integer expected = model.keySet()
                    .stream()
                    .filter(p -> p.contains(new Ipv4Address(destination)))
                    .max(Comparator.comparingInt(Ipv4Prefix::length))
                    .map(model::get)
                    .orElse(null);
            assertThat(routes.find(destination)).isEqualTo(expected);
            assertThat(routes.size()).isEqualTo(model.size());
        }
    }

    @Test
    void readersAlwaysFindWhatIsNotTouched() throws InterruptedException, ExecutionException {
        var routes = new RoutingTable<Integer>();
        for (int i = 0; i < 1000; i += 2) {
            routes.put(host(i), i);
        }
        var done = new AtomicBoolean();
        try (var executor = Executors.newSingleThreadExecutor()) {
            var missed = executor.submit(() -> {
                int misses = 0;
                do {
                    for (int i = 0; i < 1000; i += 2) {
                        Integer owner = routes.find(i);
                        misses += owner == null || owner != i ? 1 : 0;
                    }
                } while (!done.get());
                return misses;
            });
            for (int round = 0; round < 100; round++) {
                for (int i = 1; i < 1000; i += 2) {
                    routes.put(host(i), i);
                }
                for (int i = 1; i < 1000; i += 2) {
                    routes.remove(host(i), i);
                }
            }
            done.set(true);
            assertThat(missed.get()).isZero();
        }
        assertThat(routes.size()).isEqualTo(500);
    }
}
