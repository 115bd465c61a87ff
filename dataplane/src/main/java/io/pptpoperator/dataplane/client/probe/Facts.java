package io.pptpoperator.dataplane.client.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a probe has seen so far, in order.
 *
 * @param seen the facts, oldest first
 */
public record Facts(List<Seen> seen) {

    /** Nothing yet. */
    public static final Facts NONE = new Facts(List.of());

    /** A fact and when it was seen, in milliseconds since the probe began. */
    public record Seen(long at, Fact fact) {}

    /** Copies the list. */
    public Facts {
        seen = List.copyOf(seen);
    }

    /** With one more. */
    public Facts and(long at, Fact fact) {
        List<Seen> more = new ArrayList<>(seen);
        more.add(new Seen(at, fact));
        return new Facts(more);
    }

    /** The facts of one kind. */
    <T extends Fact> Stream<T> all(Class<T> kind) {
        return seen.stream().map(Seen::fact).filter(kind::isInstance).map(kind::cast);
    }

    /** The first fact of one kind. */
    <T extends Fact> Optional<T> first(Class<T> kind) {
        return all(kind).findFirst();
    }

    /** Whether there is a fact of that kind. */
    boolean has(Class<? extends Fact> kind) {
        return first(kind).isPresent();
    }

    /** When the first fact of that kind was seen. */
    OptionalLong when(Class<? extends Fact> kind) {
        return seen.stream().filter(one -> kind.isInstance(one.fact())).mapToLong(Seen::at).findFirst();
    }
}
