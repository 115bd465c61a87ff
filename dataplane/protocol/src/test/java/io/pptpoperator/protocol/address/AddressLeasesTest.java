package io.pptpoperator.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AddressLeasesTest {

    private static final AddressPool THREE = AddressPool.parse("10.0.0.1-3");

    @Test
    void everybodyGetsAnotherAddressUntilNoneIsLeft() {
        var leases = new AddressLeases(THREE, Map.of());
        var given = new HashSet<Ipv4Address>();
        for (String user : List.of("alice", "bob", "carol")) {
            given.add(leases.lease(user).orElseThrow());
        }
        assertThat(given).hasSize(3).allMatch(THREE::contains);
        assertThat(leases.used()).isEqualTo(3);
        assertThat(leases.lease("dave")).isEmpty();
        leases.release(address("10.0.0.2"));
        assertThat(leases.lease("dave")).contains(address("10.0.0.2"));
        assertThat(leases.lease("erin")).isEmpty();
    }

    @Test
    void whoHadAnAddressFromAnotherProcessGetsItAgain() {
        var before = new AddressLeases(THREE, Map.of());
        Map<String, Ipv4Address> had = new HashMap<>();
        for (String user : List.of("alice", "bob", "carol")) {
            had.put(user, before.lease(user).orElseThrow());
        }
        List.of("bob", "carol", "alice").forEach(user -> before.release(had.get(user)));
        var after = new AddressLeases(THREE, Map.of("dave", had.get("carol")));

        before.former().forEach((address, user) -> after.remember(user, address));
        after.takeOver("zoe", had.get("bob"));

        assertThat(after.former()).as("not another's static one, nor one that is leased")
                .containsExactly(Map.entry(had.get("alice"), "alice"));
        assertThat(after.lease("alice")).contains(had.get("alice"));
        assertThat(after.lease("dave")).contains(had.get("carol"));
    }

    @Test
    void whatIsUnusableIsGivenToNobody() {
        var leases = new AddressLeases(THREE, Map.of("alice", address("192.168.7.7")));
        Predicate<Ipv4Address> unusable = address -> !address.equals(address("10.0.0.2"));
        Ipv4Address bobs = address("10.0.0.2");
        assertThat(leases.lease("alice", unusable)).as("instead of the static one").contains(bobs);
        assertThat(leases.lease("bob", unusable)).isEmpty();
        leases.release(bobs);
        assertThat(leases.lease("bob", unusable)).contains(bobs);
        leases.release(bobs);
        assertThat(leases.lease("bob", bobs::equals)).isPresent().isNotEqualTo(Optional.of(bobs));
        assertThat(leases.lease("alice")).contains(address("192.168.7.7"));
    }

    @Test
    void aUserGetsTheSameAddressBackAlthoughOthersCameInBetween() {
        var leases = new AddressLeases(AddressPool.parse("10.0.0.0/24"), Map.of());
        for (int i = 0; i < 100; i++) {
            leases.lease("user" + i);
        }
        Ipv4Address alices = leases.lease("alice").orElseThrow();
        leases.release(alices);
        for (int i = 100; i < 250; i++) {
            assertThat(leases.lease("user" + i)).isPresent().isNotEqualTo(Optional.of(alices));
        }
        assertThat(leases.lease("alice")).contains(alices);
    }

    @Test
    void aRestartedServerGivesTheSameAddressToTheSameName() {
        AddressPool pool = AddressPool.parse("10.0.0.0/16");
        assertThat(new AddressLeases(pool, Map.of()).lease("alice"))
                .isEqualTo(new AddressLeases(pool, Map.of()).lease("alice"));
    }

    @Test
    void whoCameLongAgoLosesTheAddressFirstWhenNoOtherIsLeft() {
        var leases = new AddressLeases(THREE, Map.of());
        Ipv4Address alices = leases.lease("alice").orElseThrow();
        Ipv4Address bobs = leases.lease("bob").orElseThrow();
        leases.lease("carol");
        leases.release(alices);
        leases.release(bobs);
        assertThat(leases.lease("dave")).contains(alices);
        assertThat(leases.lease("bob")).contains(bobs);
    }

    @Test
    void aStaticAddressIsNobodyElses() {
        var leases = new AddressLeases(THREE, Map.of("alice", address("10.0.0.2"), "bob", address("172.16.0.1")));
        assertThat(leases.lease("x")).isPresent().isNotEqualTo(Optional.of(address("10.0.0.2")));
        assertThat(leases.lease("y")).isPresent().isNotEqualTo(Optional.of(address("10.0.0.2")));
        assertThat(leases.lease("z")).isEmpty();
        assertThat(leases.lease("alice")).contains(address("10.0.0.2"));
        assertThat(leases.lease("bob")).contains(address("172.16.0.1"));
        assertThat(leases.used()).as("outside the pool does not count").isEqualTo(3);
        leases.release(address("10.0.0.2"));
        assertThat(leases.lease("z")).isEmpty();
    }

    @Test
    void aSecondSessionOfAUserWithAStaticAddressGetsOneOfThePool() {
        var leases = new AddressLeases(THREE, Map.of("alice", address("10.0.0.2")));
        assertThat(leases.lease("alice")).contains(address("10.0.0.2"));
        assertThat(leases.lease("alice")).isPresent().isNotEqualTo(Optional.of(address("10.0.0.2")));
    }

    @Test
    void aChangedPoolLeavesCurrentLeasesAlone() {
        var leases = new AddressLeases(THREE, Map.of());
        Ipv4Address alices = leases.lease("alice").orElseThrow();
        leases.change(AddressPool.parse("10.9.0.1-2"), Map.of());
        assertThat(leases.used()).isZero();
        assertThat(leases.size()).isEqualTo(2);
        assertThat(leases.lease("bob")).get().matches(AddressPool.parse("10.9.0.1-2")::contains);
        leases.release(alices);
        assertThat(leases.lease("alice")).get().matches(AddressPool.parse("10.9.0.1-2")::contains);
        assertThat(leases.lease("carol")).isEmpty();
    }

    @Test
    void anAddressThatBecomesStaticStaysWithItsClientUntilReleased() {
        var leases = new AddressLeases(THREE, Map.of());
        Ipv4Address address = leases.lease("alice").orElseThrow();
        leases.change(THREE, Map.of("bob", address));
        assertThat(leases.lease("bob")).isPresent().isNotEqualTo(Optional.of(address));
        leases.release(address);
        assertThat(leases.lease("alice")).isPresent().isNotEqualTo(Optional.of(address));
        assertThat(leases.lease("carol")).isEmpty();
        assertThat(leases.lease("bob")).contains(address);
    }

    @Test
    void releasingWhatNobodyHasIsDeclared() {
        var leases = new AddressLeases(THREE, Map.of());
        assertThatThrownBy(() -> leases.release(address("10.0.0.1"))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("10.0.0.1");
    }

    @Test
    void oneStaticAddressForTwoUsersIsDeclared() {
        assertThatThrownBy(() -> new AddressLeases(THREE, Map.of("a", address("10.0.0.1"), "b", address("10.0.0.1"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.1");
    }

    @Test
    void formerLeasesBeyondTheBoundAreForgottenButTheirAddressesNotLost() {
        int count = AddressLeases.REMEMBERED + 1000;
        var leases = new AddressLeases(
                AddressPool.of(List.of(new AddressRange(address("10.0.0.0"), address("10.0.0.0").plus(count - 1)))),
                Map.of());
        var given = new ArrayList<Ipv4Address>();
        for (int i = 0; i < count; i++) {
            given.add(leases.lease("user" + i).orElseThrow());
        }
        given.forEach(leases::release);
        var again = new HashSet<Ipv4Address>();
        for (int i = 0; i < count; i++) {
            again.add(leases.lease("other" + i).orElseThrow());
        }
        assertThat(again).hasSize(count);
        assertThat(leases.lease("one too many")).isEmpty();
    }

    /** Random logins, ends and changes; an own list of who has what must always agree. */
    @Property(tries = 300)
    void neverGivesAnAddressTwiceNorLosesOne(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int steps) {
        var random = new Random(seed);
        AddressPool pool = randomPool(random);
        Map<String, Ipv4Address> reserved = Map.of();
        var leases = new AddressLeases(pool, reserved);
        var held = new ArrayList<Ipv4Address>();
        for (int step = 0; step < steps; step++) {
            int choice = random.nextInt(10);
            if (choice < 5) {
                String user = "user" + random.nextInt(8);
                Optional<Ipv4Address> leased = leases.lease(user);
                if (leased.isPresent()) {
                    Ipv4Address address = leased.get();
                    assertThat(held).doesNotContain(address);
                    boolean own = address.equals(reserved.get(user));
                    assertThat(own || pool.contains(address) && !reserved.containsValue(address)).isTrue();
                    held.add(address);
                } else {
                    AddressPool free = pool.minus(poolOf(held)).minus(poolOf(List.copyOf(reserved.values())));
                    assertThat(free.isEmpty()).isTrue();
                    assertThat(reserved.get(user)).satisfiesAnyOf(own -> assertThat(own).isNull(),
                            own -> assertThat(held).contains(own));
                }
            } else if (choice < 9 && !held.isEmpty()) {
                leases.release(held.remove(random.nextInt(held.size())));
            } else if (choice == 9) {
                pool = randomPool(random);
                reserved = random.nextBoolean()
                        ? Map.of()
                        : Map.of("user1", address("10.0.0." + random.nextInt(6)), "user2", address("10.0.0.9"));
                leases.change(pool, reserved);
            }
            assertThat(leases.used()).isEqualTo(held.stream().filter(pool::contains).count());
        }
    }

    private static AddressPool randomPool(Random random) {
        int from = random.nextInt(8);
        return AddressPool.parse("10.0.0." + from + "-" + (from + random.nextInt(6)));
    }

    private static AddressPool poolOf(List<Ipv4Address> addresses) {
        return AddressPool.of(addresses.stream().map(it -> new AddressRange(it, it)).toList());
    }

    private static Ipv4Address address(String text) {
        return Ipv4Address.parse(text);
    }
}
