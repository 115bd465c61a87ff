package io.pptpoperator.protocol.ppp.lcp;

import io.pptpoperator.protocol.ppp.ConfigureOption;
import io.pptpoperator.protocol.ppp.Negotiation;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** LCP's side of the option negotiation (RFC 1661 section 6). */
final class LcpOptions implements Negotiation {

    private final LcpSettings settings;
    private final RandomGenerator random;

    private boolean askMru;
    private boolean askMagic;
    private boolean askPfc;
    private boolean askAcfc;
    private int mru;
    private int magic;
    private AuthMethod demanded;
    private final Set<AuthMethod> refused = EnumSet.noneOf(AuthMethod.class);
    private String failure;
    private boolean loopSuspected;

    private int peerMru = LcpSettings.DEFAULT_MRU;
    private int peerMagic;
    private boolean peerPfc;
    private boolean peerAcfc;
    private AuthMethod accepted;

    LcpOptions(LcpSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /** What was agreed by others, with this magic number of this end. */
    LcpOptions(LcpSettings settings, RandomGenerator random, LcpResult agreed, int magic) {
        this(settings, random);
        this.magic = magic;
        demanded = agreed.peerProvesBy().orElse(null);
        accepted = agreed.weProveBy().orElse(null);
        peerMru = agreed.peerMru();
        peerMagic = agreed.peerMagic();
        peerPfc = agreed.peerTakesPfc();
        peerAcfc = agreed.peerTakesAcfc();
    }

    @Override
    public void restart() {
        askMru = settings.mru() != LcpSettings.DEFAULT_MRU;
        askMagic = true;
        askPfc = true;
        askAcfc = true;
        mru = settings.mru();
        magic = newMagic();
        refused.clear();
        demanded = settings.demanded().isEmpty() ? null : settings.demanded().getFirst();
        failure = null;
    }

    @Override
    public List<ConfigureOption> request() {
        List<ConfigureOption> options = new ArrayList<>();
        if (askMru) {
            options.add(ConfigureOption.ofShort(LcpOption.MRU, mru));
        }
        if (demanded != null) {
            options.add(LcpOption.authentication(demanded));
        }
        if (askMagic) {
            options.add(ConfigureOption.ofInt(LcpOption.MAGIC, magic));
        }
        if (askPfc) {
            options.add(ConfigureOption.flag(LcpOption.PFC));
        }
        if (askAcfc) {
            options.add(ConfigureOption.flag(LcpOption.ACFC));
        }
        return options;
    }

    @Override
    public Opinion judge(ConfigureOption option) {
        return switch (option.type()) {
            case LcpOption.MRU -> option.length() != 2
                    ? Opinion.REJECT
                    : option.asShort() >= LcpSettings.MIN_MRU
                            ? Opinion.ACCEPT
                            : new Opinion.Nak(ConfigureOption.ofShort(LcpOption.MRU, LcpSettings.MIN_MRU));
            case LcpOption.ACCM -> option.length() == 4 ? Opinion.ACCEPT : Opinion.REJECT;
            case LcpOption.AUTHENTICATION -> judgeAuthentication(option);
            case LcpOption.MAGIC -> judgeMagic(option);
            case LcpOption.PFC, LcpOption.ACFC -> option.length() == 0 ? Opinion.ACCEPT : Opinion.REJECT;
            default -> Opinion.REJECT;
        };
    }

    private Opinion judgeAuthentication(ConfigureOption option) {
        if (loopSuspected) {
            // A server that refused its own demand would take the loop for a peer without a common method. The magic
            // number in the same request is going to be nakked anyway.
            return Opinion.ACCEPT;
        }
        if (settings.acceptable().isEmpty()) {
            return Opinion.REJECT;
        }
        return LcpOption.method(option).filter(settings.acceptable()::contains).isPresent()
                ? Opinion.ACCEPT
                : new Opinion.Nak(LcpOption.authentication(settings.acceptable().getFirst()));
    }

    private Opinion judgeMagic(ConfigureOption option) {
        if (option.length() != 4) {
            return Opinion.REJECT;
        }
        // Zero is illegal, and our own number means that we may be talking to ourselves (RFC 1661 section 6.4).
        return option.asInt() == 0 || isOwnMagic(option)
                ? new Opinion.Nak(ConfigureOption.ofInt(LcpOption.MAGIC, newMagic()))
                : Opinion.ACCEPT;
    }

    @Override
    public List<ConfigureOption> missing(List<ConfigureOption> requested) {
        return List.of();
    }

    @Override
    public void accepted(List<ConfigureOption> options) {
        peerMru = LcpSettings.DEFAULT_MRU;
        peerMagic = 0;
        peerPfc = false;
        peerAcfc = false;
        accepted = null;
        for (ConfigureOption option : options) {
            switch (option.type()) {
                case LcpOption.MRU -> peerMru = option.asShort();
                case LcpOption.MAGIC -> peerMagic = option.asInt();
                case LcpOption.PFC -> peerPfc = true;
                case LcpOption.ACFC -> peerAcfc = true;
                case LcpOption.AUTHENTICATION -> accepted = LcpOption.method(option).orElseThrow();
                default -> {
                }
            }
        }
    }

    @Override
    public void nakked(ConfigureOption suggestion) {
        switch (suggestion.type()) {
            case LcpOption.MRU -> {
                int suggested = suggestion.length() == 2 ? suggestion.asShort() : mru;
                if (suggested >= LcpSettings.MIN_MRU) {
                    mru = Math.min(mru, suggested);
                }
            }
            case LcpOption.MAGIC -> magic = newMagic();
            case LcpOption.AUTHENTICATION -> {
                refused.add(demanded);
                // What a peer without EAP names instead is what it has always named first: with pppd CHAP with MD5, though
                // it would take a better one.
                demandNext(demanded == AuthMethod.EAP ? Optional.empty() : LcpOption.method(suggestion));
            }
            // The others have no value to talk about: whoever naks them means no.
            default -> rejected(suggestion);
        }
    }

    private void demandNext(Optional<AuthMethod> suggested) {
        demanded = suggested.filter(settings.demanded()::contains)
                .filter(method -> !refused.contains(method))
                .or(() -> settings.demanded().stream().filter(method -> !refused.contains(method)).findFirst())
                .orElse(null);
        if (demanded == null) {
            failure = "the peer refuses every authentication method allowed here ("
                    + settings.demanded().stream().map(AuthMethod::label).collect(Collectors.joining(", ")) + ")";
        }
    }

    @Override
    public void rejected(ConfigureOption option) {
        switch (option.type()) {
            case LcpOption.MRU -> askMru = false;
            case LcpOption.MAGIC -> {
                askMagic = false;
                magic = 0;
            }
            case LcpOption.PFC -> askPfc = false;
            case LcpOption.ACFC -> askAcfc = false;
            case LcpOption.AUTHENTICATION -> {
                demanded = null;
                failure = "the peer refuses to authenticate itself";
            }
            default -> {
            }
        }
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Whether the request that is judged next carries this end's own magic number. */
    void suspectLoop(boolean suspected) {
        loopSuspected = suspected;
    }

    /** Whether {@code option} carries the magic number of this very end. */
    boolean isOwnMagic(ConfigureOption option) {
        return option.type() == LcpOption.MAGIC && option.length() == 4 && magic != 0 && option.asInt() == magic;
    }

    /** This end's magic number, 0 when it has none. */
    int magic() {
        return magic;
    }

    /** What both ends agreed on; meant for state Opened. */
    LcpResult result() {
        return new LcpResult(peerMru, peerMagic, peerPfc, peerAcfc, Optional.ofNullable(demanded),
                Optional.ofNullable(accepted));
    }

    private int newMagic() {
        int number;
        do {
            number = random.nextInt();
        } while (number == 0);
        return number;
    }
}
