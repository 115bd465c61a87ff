package io.pptpoperator.dataplane.firewall;

import java.util.List;
import java.util.Optional;

/**
 * What a rule may do to GRE.
 *
 * @param certain whether it concerns all GRE, but for the conditions
 * @param conditions which addresses it concerns; all, when there are none
 * @param effect what it does
 */
record RuleReading(boolean certain, List<AddressCondition> conditions, Effect effect) {

    /** Whether no packet of GRE gets past it unconcerned. */
    boolean concernsAll() {
        return certain && conditions.isEmpty();
    }

    /** What a rule does. */
    sealed interface Effect {}

    /** Decides about the packet without harm to it. */
    record Goes(Way way, String chain) implements Effect {}

    /** Anything else, in words. */
    record Interferes(String how) implements Effect {}

    /** Where a packet goes. */
    enum Way {
        /** Out of the base chain. */
        ACCEPTED,
        /** Through another chain. */
        JUMP,
        /** Through another chain and out of this one. */
        GOTO,
        /** Out of this chain. */
        RETURN
    }

    static Optional<RuleReading> nothing() {
        return Optional.empty();
    }
}
