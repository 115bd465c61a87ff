package io.pptpoperator.protocol.ppp;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The walk through a Configure packet's options, the same for every protocol (RFC 1661 sections 5.1 to 5.4). */
final class OptionWalk {

    private OptionWalk() {}

    /**
     * The answer to the peer's Configure-Request. What is rejected comes back byte for byte and in order, and before
     * anything is nakked (section 5.4). An option that comes twice is rejected, or a request full of them would make an
     * answer longer than any frame.
     *
     * @param mayNak whether negotiation may still take its time; if not, naks become rejects and nothing is suggested
     *     (section 4.6, Max-Failure)
     */
    static ControlPacket answer(ControlPacket request, List<ConfigureOption> requested, Negotiation negotiation,
            boolean mayNak) {
        List<ConfigureOption> rejects = new ArrayList<>();
        List<ConfigureOption> naks = new ArrayList<>();
        BitSet seen = new BitSet();
        for (ConfigureOption option : requested) {
            boolean repeated = seen.get(option.type());
            seen.set(option.type());
            switch (repeated ? Negotiation.Opinion.REJECT : negotiation.judge(option)) {
                case Negotiation.Opinion.Accept() -> {
                }
                case Negotiation.Opinion.Reject() -> rejects.add(option);
                case Negotiation.Opinion.Nak(ConfigureOption instead) -> {
                    if (mayNak) {
                        naks.add(instead);
                    } else {
                        rejects.add(option);
                    }
                }
            }
        }
        if (!rejects.isEmpty()) {
            return ControlPacket.ofOptions(ControlCode.CONFIGURE_REJECT, request.id(), rejects);
        }
        if (mayNak) {
            naks.addAll(negotiation.missing(requested));
        }
        if (!naks.isEmpty()) {
            return ControlPacket.ofOptions(ControlCode.CONFIGURE_NAK, request.id(), naks);
        }
        return new ControlPacket(ControlCode.CONFIGURE_ACK, request.id(), request.data());
    }

    /**
     * Applies the peer's Configure-Nak to this end's request.
     *
     * @param suggestions the options of the Nak; of several of one type the first counts
     * @param asReject whether the peer has had its share of naks, so that what it still dislikes is dropped
     * @return whether any option of the request was meant; the RFC lets the peer suggest others, which this end does
     *     not take up
     */
    static boolean applyNak(List<ConfigureOption> request, List<ConfigureOption> suggestions, Negotiation negotiation,
            boolean asReject) {
        boolean meant = false;
        BitSet seen = new BitSet();
        for (ConfigureOption suggestion : suggestions) {
            boolean repeated = seen.get(suggestion.type());
            seen.set(suggestion.type());
            for (ConfigureOption option : request) {
                if (!repeated && option.type() == suggestion.type()) {
                    meant = true;
                    if (asReject) {
                        negotiation.rejected(option);
                    } else {
                        negotiation.nakked(suggestion);
                    }
                }
            }
        }
        return meant;
    }

    /**
     * Applies the peer's Configure-Reject to this end's request.
     *
     * @return whether any option of the request was meant
     */
    static boolean applyReject(List<ConfigureOption> request, List<ConfigureOption> rejects, Negotiation negotiation) {
        boolean meant = false;
        for (ConfigureOption reject : rejects) {
            for (ConfigureOption option : request) {
                if (option.type() == reject.type()) {
                    meant = true;
                    negotiation.rejected(option);
                }
            }
        }
        return meant;
    }
}
