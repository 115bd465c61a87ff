package io.pptpoperator.protocol.ppp.ccp;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ConfigureOption;
import io.pptpoperator.protocol.ppp.Negotiation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * CCP's side of the option negotiation: MPPE and nothing else. A request says what its sender is ready to receive (RFC
 * 1962 section 2), so that the peer's request governs what this end sends.
 */
final class CcpOptions implements Negotiation {

    /**
     * pppd 2.5.0 to 2.5.2 take require-mppe for 40 bits alone, in either direction, and hang up at a Nak or request with
     * anything else: nothing that this end could send makes them take 128.
     */
    private static final String PPPD_ASKS_FOR_40 = "pppd 2.5 does so when its option is require-mppe; with"
            + " require-mppe-128 (in NetworkManager: 128-bit, not All Available) it takes 128 bits";

    private final boolean required;
    private final List<Integer> strengths;
    private final boolean statefulAllowed;

    /** The key lengths that this end asks for, strongest first; none once the peer has refused. */
    private List<Integer> wanted = List.of();
    private boolean wantedStateless;
    private MppeParameters agreedToSend;
    /** What the peer last asked for or suggested; 0 while it has said nothing of MPPE. */
    private int peersBits;
    private String failure;

    /** @param strengths the key lengths allowed and possible, strongest first, at least one */
    CcpOptions(boolean required, List<Integer> strengths, boolean statefulAllowed) {
        this.required = required;
        this.strengths = List.copyOf(strengths);
        this.statefulAllowed = statefulAllowed;
    }

    /** What was agreed by others. */
    CcpOptions(Ccp.Snapshot rested) {
        this(rested.required(), rested.strengths(), rested.statefulAllowed());
        wanted = rested.wanted();
        wantedStateless = rested.wantedStateless();
        agreedToSend = rested.agreedToSend().orElse(null);
        peersBits = rested.peersBits();
        failure = rested.failure().orElse(null);
    }

    Ccp.Snapshot snapshot(Automaton.Snapshot resting) {
        return new Ccp.Snapshot(resting, required, strengths, statefulAllowed, wanted, wantedStateless, send(),
                peersBits, failure());
    }

    @Override
    public void restart() {
        wanted = strengths;
        wantedStateless = true;
        agreedToSend = null;
        failure = null;
    }

    /** All that is allowed: the peer answers with a Nak that names one (RFC 3078 section 2.1). */
    @Override
    public List<ConfigureOption> request() {
        return wanted.isEmpty() ? List.of() : List.of(MppeOption.of(wanted, wantedStateless));
    }

    @Override
    public Opinion judge(ConfigureOption option) {
        if (option.type() != MppeOption.TYPE || option.length() != MppeOption.LENGTH) {
            return Opinion.REJECT;
        }
        int bits = option.asInt();
        OptionalInt strength = MppeOption.firstOffered(strengths, bits);
        MppeParameters choice = strength.isEmpty()
                ? new MppeParameters(strengths.getFirst(), true)
                : new MppeParameters(strength.getAsInt(), stateless(bits));
        ConfigureOption exact = MppeOption.of(choice);
        return exact.equals(option) ? Opinion.ACCEPT : new Opinion.Nak(exact);
    }

    private boolean stateless(int bits) {
        // pppd refuses stateful mode when it offered stateless, so H stays whenever the peer has set it.
        return MppeOption.offersStateless(bits) || !statefulAllowed;
    }

    @Override
    public List<ConfigureOption> missing(List<ConfigureOption> requested) {
        boolean present = requested.stream().anyMatch(option -> option.type() == MppeOption.TYPE);
        return present ? List.of() : receive().map(MppeOption::of).stream().toList();
    }

    @Override
    public void accepted(List<ConfigureOption> options) {
        agreedToSend = options.isEmpty() ? null : MppeOption.parameters(options.getFirst());
    }

    @Override
    public void nakked(ConfigureOption suggestion) {
        if (suggestion.length() != MppeOption.LENGTH) {
            return;
        }
        int bits = suggestion.asInt();
        MppeOption.firstOffered(strengths, bits).ifPresent(strength -> {
            wanted = List.of(strength);
            wantedStateless = stateless(bits);
        });
    }

    /** The peer's request, or the suggestions in a Nak of its own: what it would agree to. */
    void peerWishes(List<ConfigureOption> options) {
        options.stream()
                .filter(option -> option.type() == MppeOption.TYPE && option.length() == MppeOption.LENGTH)
                .forEach(option -> peersBits = option.asInt());
    }

    /** What each end insists on, where the peer would encrypt, but not in a way that is allowed here. */
    Optional<String> disagreement() {
        List<Integer> theirs = MppeOption.strengths(peersBits);
        if (theirs.isEmpty()) {
            return Optional.empty();
        }
        if (MppeOption.firstOffered(strengths, peersBits).isEmpty()) {
            return Optional.of("the peer insists on MPPE with " + text(theirs) + " bits, and only " + text(strengths)
                    + " bits are allowed here" + (asksForShortestAlone() ? ": " + PPPD_ASKS_FOR_40 : ""));
        }
        return statefulAllowed || MppeOption.offersStateless(peersBits)
                ? Optional.empty()
                : Optional.of("the peer insists on stateful MPPE, and only stateless is allowed here");
    }

    /** What makes the peer agree to less than is possible here, if it is known to be a mistake that many make. */
    Optional<String> weakness() {
        return asksForShortestAlone() && strengths.contains(128) && strengths.contains(40)
                ? Optional.of("the peer asks for 40 bits alone and gets them: " + PPPD_ASKS_FOR_40)
                : Optional.empty();
    }

    private boolean asksForShortestAlone() {
        return MppeOption.strengths(peersBits).equals(List.of(40));
    }

    private static String text(List<Integer> strengths) {
        return strengths.stream().map(String::valueOf).collect(Collectors.joining(" or "));
    }

    @Override
    public void rejected(ConfigureOption option) {
        if (required) {
            failure = disagreement().orElse(
                    "the peer refuses encryption (MPPE with " + text(wanted) + " bits), which is required here");
        }
        wanted = List.of();
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * What the peer agreed to send and this end can receive; meant for state Opened. A peer that agrees to several key
     * lengths instead of choosing one means the strongest.
     */
    Optional<MppeParameters> receive() {
        return wanted.stream().findFirst().map(bits -> new MppeParameters(bits, wantedStateless));
    }

    /** Whether the peer has refused every key length that this end asked for. */
    boolean isRefused() {
        return wanted.isEmpty();
    }

    /** What this end agreed to send; meant for state Opened. */
    Optional<MppeParameters> send() {
        return Optional.ofNullable(agreedToSend);
    }
}
