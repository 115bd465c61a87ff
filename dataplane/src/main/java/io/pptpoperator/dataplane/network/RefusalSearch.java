package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.netlink.NftChain;
import io.pptpoperator.dataplane.linux.netlink.NftExpression;
import io.pptpoperator.dataplane.linux.netlink.NftRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Follows, from a base chain on, a packet that no condition of any rule holds for: ufw's FORWARD ends in a chain that
 * rejects, firewalld's leads through others to one. Pure.
 */
final class RefusalSearch {

    /** The kernel allows 16. */
    private static final int DEEPEST = 16;

    /** How a chain is left. */
    private sealed interface Outcome {
        /** At its end, or by a return. */
        record Passed() implements Outcome {}

        /** Accepted, or handed to somebody. */
        record Decided() implements Outcome {}

        /** Refused. */
        record Refused(Refusal where) implements Outcome {}
    }

    private final Map<String, List<NftRule>> rules;
    private final Predicate<NftRule> ignored;

    private RefusalSearch(Map<String, List<NftRule>> rules, Predicate<NftRule> ignored) {
        this.rules = rules;
        this.ignored = ignored;
    }

    /**
     * Where the packet is refused; empty when it is not.
     *
     * @param rules of the base chain's table, by chain
     * @param ignored rules to be looked past
     */
    static Optional<Refusal> in(NftChain base, Map<String, List<NftRule>> rules, Predicate<NftRule> ignored) {
        return switch (new RefusalSearch(rules, ignored).walk(base.name(), 0)) {
            case Outcome.Refused refused -> Optional.of(refused.where());
            case Outcome.Decided() -> Optional.empty();
            case Outcome.Passed() ->
                base.dropPolicy() ? Optional.of(new Refusal(base.name(), Optional.empty())) : Optional.empty();
        };
    }

    private Outcome walk(String chain, int depth) {
        if (depth > DEEPEST) {
            return new Outcome.Passed();
        }
        for (NftRule rule : rules.getOrDefault(chain, List.of())) {
            if (ignored.test(rule)) {
                continue;
            }
            if (rule.refusesEverything()) {
                return new Outcome.Refused(new Refusal(chain, Optional.of(rule)));
            }
            Optional<NftExpression.Verdict> verdict = unconditional(rule);
            if (verdict.isEmpty()) {
                continue;
            }
            switch (verdict.get().decision()) {
                case ACCEPT -> {
                    return new Outcome.Decided();
                }
                case RETURN -> {
                    return new Outcome.Passed();
                }
                case GOTO -> {
                    return walk(verdict.get().chain(), depth + 1);
                }
                case JUMP -> {
                    Outcome inner = walk(verdict.get().chain(), depth + 1);
                    if (!(inner instanceof Outcome.Passed)) {
                        return inner;
                    }
                }
                case CONTINUE, REFUSE -> {
                    // The first decides nothing; of the second, only what is no plain drop gets here.
                }
            }
        }
        return new Outcome.Passed();
    }

    /** What a rule without any condition says. */
    private static Optional<NftExpression.Verdict> unconditional(NftRule rule) {
        Optional<NftExpression.Verdict> verdict = Optional.empty();
        for (NftExpression expression : rule.expressions()) {
            switch (expression) {
                case NftExpression.Counter() -> {
                }
                case NftExpression.Match(String name, byte[] parameters) when name.equals("comment") -> {
                }
                case NftExpression.Verdict found -> verdict = Optional.of(found);
                default -> {
                    return Optional.empty();
                }
            }
        }
        return verdict;
    }
}
