package io.pptpoperator.dataplane.firewall;

import io.pptpoperator.dataplane.firewall.RuleReading.Goes;
import io.pptpoperator.dataplane.firewall.RuleReading.Interferes;
import io.pptpoperator.dataplane.linux.netlink.NftChain;
import io.pptpoperator.dataplane.linux.netlink.NftRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Goes with GRE through a base chain and every chain into which a rule may send it. */
final class ChainWalk {

    /** Rules looked at in one base chain at most: chains that are reached in many ways are looked at each time. */
    private static final int MAX_RULES = 20_000;

    /** Where a chain leaves all packets that none of its rules harms. */
    private enum Outcome {
        /** Perhaps at its end. */
        PASSED,
        /** Surely out of the base chain. */
        DECIDED
    }

    private final Ruleset ruleset;
    private final NftChain base;
    private final Direction direction;
    private final Set<Interference> found;
    private int rulesLeft = MAX_RULES;

    private ChainWalk(Ruleset ruleset, NftChain base, Direction direction, Set<Interference> found) {
        this.ruleset = ruleset;
        this.base = base;
        this.direction = direction;
        this.found = found;
    }

    /** Adds to {@code found} what may happen to GRE in a base chain. */
    static void through(Ruleset ruleset, NftChain base, Direction direction, Set<Interference> found) {
        ChainWalk walk = new ChainWalk(ruleset, base, direction, found);
        if (walk.walk(base.name(), List.of()) == Outcome.PASSED && base.dropPolicy()) {
            walk.note(base.name(), "policy drop", List.of());
        }
    }

    private void note(String chain, String how, List<AddressCondition> conditions) {
        found.add(new Interference(
                "nftables chain " + base.family() + " " + base.table() + " " + chain + " (" + how + ")", conditions));
    }

    /**
     * Looks at the rules of a chain.
     *
     * @param before which addresses' packets get there
     */
    private Outcome walk(String chain, List<AddressCondition> before) {
        for (NftRule rule : ruleset.chain(base.family(), base.table(), chain)) {
            if (rulesLeft-- == 0) {
                note(base.name(), "more than " + MAX_RULES + " rules", List.of());
            }
            if (rulesLeft < 0) {
                return Outcome.DECIDED;
            }
            Optional<RuleReading> reading = new RuleReader(direction,
                    set -> ruleset.set(base.family(), base.table(), set)).read(rule.expressions());
            if (reading.isEmpty()) {
                continue;
            }
            boolean all = reading.get().concernsAll();
            List<AddressCondition> conditions = new ArrayList<>(before);
            conditions.addAll(reading.get().conditions());
            switch (reading.get().effect()) {
                case Interferes interferes -> note(chain, interferes.how(), conditions);
                case Goes goes -> {
                    Outcome outcome = switch (goes.way()) {
                        case ACCEPTED -> Outcome.DECIDED;
                        case RETURN -> Outcome.PASSED;
                        case JUMP, GOTO -> walk(goes.chain(), conditions);
                    };
                    boolean last = outcome == Outcome.DECIDED || goes.way() != RuleReading.Way.JUMP;
                    if (all && last) {
                        return outcome;
                    }
                }
            }
        }
        return Outcome.PASSED;
    }
}
