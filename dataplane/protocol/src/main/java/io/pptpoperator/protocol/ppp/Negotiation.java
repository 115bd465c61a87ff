package io.pptpoperator.protocol.ppp;

import java.util.List;
import java.util.Optional;

/**
 * What one protocol adds to the {@link Automaton}: its options. Each direction is negotiated by itself: the requests of
 * this end, which the peer answers, and the peer's, which this end answers.
 */
public interface Negotiation {

    /** What this end thinks of one option in the peer's request. */
    sealed interface Opinion {

        /** The option is fine as it is. */
        record Accept() implements Opinion {}

        /** The option is known, but should be {@code instead}. */
        record Nak(ConfigureOption instead) implements Opinion {}

        /** The option is unknown or not wanted. */
        record Reject() implements Opinion {}

        /** The option is fine as it is. */
        Opinion ACCEPT = new Accept();

        /** The option is unknown or not wanted. */
        Opinion REJECT = new Reject();
    }

    /** A negotiation begins, the first one or a later one: this end wants again what it was configured to want. */
    void restart();

    /** The options that this end requests as things stand; always the same until a Nak or Reject changes its mind. */
    List<ConfigureOption> request();

    /** This end's opinion of an option in the peer's request; has no effect. */
    Opinion judge(ConfigureOption option);

    /** Options that the peer should have requested but did not, to be suggested to it; has no effect. */
    List<ConfigureOption> missing(List<ConfigureOption> requested);

    /** The peer's request is being acknowledged: these options hold for the peer. */
    void accepted(List<ConfigureOption> options);

    /** The peer would rather have {@code suggestion} than the option of the same type that this end requested. */
    void nakked(ConfigureOption suggestion);

    /** Whether a peer that suggests this only asks for time: it is asked again later, however often. */
    default boolean asksForTime(ConfigureOption suggestion) {
        return false;
    }

    /** The peer refuses this option of this end's request. */
    void rejected(ConfigureOption option);

    /** Why no further request of this end can lead anywhere, in a sentence for the log. */
    Optional<String> failure();
}
