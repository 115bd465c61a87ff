package io.pptpoperator.dataplane.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is known of the register file while a rule is read. */
final class Registers {

    /** What some bytes of it hold. */
    sealed interface Content {}

    /** These bytes. */
    record Known(byte[] bytes) implements Content {}

    /** The first {@code length} bytes of an address, and of its bits only those of {@code mask}. */
    record Address(End end, int length, int mask) implements Content {}

    /** Nobody knows what. */
    record Unknown() implements Content {}

    /** The longest register. */
    private static final int LONGEST = 16;

    private record Place(int start, int length, Content content) {}

    private final List<Place> places = new ArrayList<>();

    void put(int start, int length, Content content) {
        places.removeIf(place -> place.start < start + length && start < place.start + place.length);
        places.add(new Place(start, length, content));
    }

    void forget(int start) {
        put(start, LONGEST, new Unknown());
    }

    /** What exactly these bytes hold. */
    Content get(int start, int length) {
        return places.stream()
                .filter(place -> place.start == start && place.length == length)
                .map(Place::content)
                .findFirst()
                .orElse(new Unknown());
    }

    /** Known bytes inside a range. */
    record KnownPart(int offset, byte[] bytes) {}

    /** All known bytes between {@code start} and {@code start + length}, their offsets counted from {@code start}. */
    List<KnownPart> knownWithin(int start, int length) {
        return places.stream()
                .filter(place -> place.start >= start && place.start + place.length <= start + length)
                .flatMap(place -> place.content instanceof Known known
                        ? Optional.of(new KnownPart(place.start - start, known.bytes)).stream()
                        : Optional.<KnownPart>empty().stream())
                .toList();
    }
}
