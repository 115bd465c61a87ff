package io.pptpoperator.dataplane.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Records come back as they were, from this release or another one, or not at all. */
class RecordFormatTest {

    /** Of every kind that records have. */
    public record Everything(boolean yes, int number, long big, String text, List<Integer> numbers, Set<String> names,
            Map<String, Long> counts, Optional<Instant> at, Duration lasting, OptionalInt maybe, OptionalLong bigMaybe,
            Shape shape, Kind kind, Ipv4Address address) {}

    /** Some kind. */
    public enum Kind {
        ONE, OTHER
    }

    /** One of two. */
    public sealed interface Shape {
        /** Nothing to it. */
        record Plain() implements Shape {}

        /** Another one inside. */
        record Wrapped(Shape inner, String label) implements Shape {}
    }

    @Provide
    Arbitrary<Everything> everything() {
        Arbitrary<Shape> shapes = Arbitraries.integers().between(0, 5).map(RecordFormatTest::nested);
        return Combinators
                .combine(Arbitraries.of(true, false), Arbitraries.integers(), Arbitraries.longs(),
                        Arbitraries.strings(), Arbitraries.integers().list(), Arbitraries.strings().set(),
                        Arbitraries.maps(Arbitraries.strings(), Arbitraries.longs()), shapes)
                .as((yes, number, big, text, numbers, names, counts, shape) -> new Everything(yes, number, big, text,
                        numbers, names, counts, yes ? Optional.of(Instant.ofEpochMilli(number)) : Optional.empty(),
                        Duration.ofNanos(number), yes ? OptionalInt.of(number) : OptionalInt.empty(),
                        yes ? OptionalLong.empty() : OptionalLong.of(big), shape, yes ? Kind.ONE : Kind.OTHER,
                        new Ipv4Address(number)));
    }

    private static Shape nested(int depth) {
        return depth == 0 ? new Shape.Plain() : new Shape.Wrapped(nested(depth - 1), "at " + depth);
    }

    @Property(tries = 300)
    void recordsComeBackAsTheyWere(@ForAll("everything") Everything first, @ForAll("everything") Everything second) {
        RecordWriter writer = new RecordWriter();
        RecordReader reader = new RecordReader();
        for (Everything one : List.of(first, second, first)) {
            assertThat(reader.read(writer.write(one), Everything.class)).isEqualTo(one);
        }
    }

    @Property(tries = 500)
    void bytesOfAnybodyAreRefusedInOrder(@ForAll("everything") Everything one, @ForAll int at, @ForAll byte changed) {
        byte[] bytes = new RecordWriter().write(one);
        bytes[Math.floorMod(at, bytes.length)] = changed;
        try {
            new RecordReader().read(bytes, Everything.class);
        } catch (HandOverException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
        byte[] cut = Arrays.copyOf(bytes, Math.floorMod(at, bytes.length));
        assertThatExceptionOfType(HandOverException.class)
                .isThrownBy(() -> new RecordReader().read(cut, Everything.class));
    }

    static final class Old {
        public record Session(String user, int left) {}
    }

    static final class New {
        public record Session(String user, Optional<String> profile, int rate, List<String> classes) {}
    }

    @Example
    void aComponentThatWasNotWrittenIsEmpty() {
        byte[] bytes = new RecordWriter().write(new Old.Session("alice", 0));
        assertThat(new RecordReader().read(bytes, New.Session.class))
                .isEqualTo(new New.Session("alice", Optional.empty(), 0, List.of()));
    }

    @Example
    void aComponentThatIsNotKnownIsBorneWhileItIsEmptyOnly() {
        byte[] unused = new RecordWriter().write(new New.Session("alice", Optional.empty(), 0, List.of()));
        assertThat(new RecordReader().read(unused, Old.Session.class)).isEqualTo(new Old.Session("alice", 0));
        for (New.Session limited : List.of(new New.Session("alice", Optional.of("guests"), 0, List.of()),
                new New.Session("alice", Optional.empty(), 5, List.of()),
                new New.Session("alice", Optional.empty(), 0, List.of("a")))) {
            byte[] bytes = new RecordWriter().write(limited);
            assertThatThrownBy(() -> new RecordReader().read(bytes, Old.Session.class))
                    .isInstanceOf(HandOverException.class)
                    .hasMessageContaining("nothing that this release knows");
        }
    }
}
