package io.pptpoperator.dataplane.client.probe;

import io.pptpoperator.dataplane.client.SessionEnd;
import io.pptpoperator.dataplane.client.probe.PhaseResult.Status;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Turns what a probe saw into a verdict on every phase: a pure function, which may be asked again after every new fact.
 * What follows the first failure is not reached; what has been neither seen nor failed is pending.
 */
public final class Diagnosis {
    /** Below this, packets of Windows' usual MTU of 1,400 bytes do not fit into a tunnel whole. */
    private static final int COMFORTABLE_MTU = 1444;

    private final ProbeAim aim;
    private final Facts facts;
    /** The end that was not the probe's own wish. */
    private final Optional<SessionEnd> end;

    private Diagnosis(ProbeAim aim, Facts facts) {
        this.aim = aim;
        this.facts = facts;
        this.end = facts.has(Fact.Done.class) ? Optional.empty() : facts.first(Fact.Ended.class).map(Fact.Ended::end);
    }

    /** The verdict on what has been seen. */
    public static Report of(ProbeAim aim, Facts facts) {
        Diagnosis diagnosis = new Diagnosis(aim, facts);
        List<PhaseResult> results = new ArrayList<>();
        boolean failed = false;
        for (Phase phase : Phase.values()) {
            PhaseResult result = failed
                    ? result(phase, Status.NOT_REACHED, "", Optional.empty())
                    : diagnosis.judge(phase);
            failed |= result.status() == Status.FAILED;
            results.add(result);
        }
        return new Report(results);
    }

    private PhaseResult judge(Phase phase) {
        return switch (phase) {
            case NAME -> name();
            case TCP -> tcp();
            case CONTROL -> control();
            case CALL -> call();
            case GRE_OUT -> greOut();
            case GRE_BACK -> greBack();
            case LCP -> lcp();
            case AUTHENTICATION -> authentication();
            case ENCRYPTION -> encryption();
            case ADDRESSES -> addresses();
            case TRAFFIC -> traffic();
            case ECHO -> echo();
            case PATH_MTU -> pathMtu();
        };
    }

    private PhaseResult name() {
        Optional<Fact.Resolved> resolved = facts.first(Fact.Resolved.class);
        if (resolved.isPresent()) {
            return ok(Phase.NAME, Fact.Resolved.class, resolved.get().address().toString());
        }
        return facts.first(Fact.NotResolved.class)
                .map(fact -> failed(Phase.NAME, fact.why(), Explanations.name(aim.server())))
                .orElseGet(() -> pending(Phase.NAME));
    }

    private PhaseResult tcp() {
        if (facts.has(Fact.TcpConnected.class)) {
            return ok(Phase.TCP, Fact.TcpConnected.class, "port " + aim.port());
        }
        return facts.first(Fact.TcpFailed.class)
                .map(fact -> failed(Phase.TCP, fact.detail(), Explanations.tcp(fact.trouble(), aim.port())))
                .orElseGet(() -> unlessEnded(Phase.TCP, Explanations.tcp(Fact.TcpFailed.Trouble.OTHER, aim.port())));
    }

    private PhaseResult control() {
        Optional<Fact.ControlStarted> started = facts.first(Fact.ControlStarted.class);
        return started.isPresent()
                ? ok(Phase.CONTROL, Fact.ControlStarted.class,
                        "host " + started.get().host() + ", vendor " + started.get().vendor())
                : unlessEnded(Phase.CONTROL, Explanations.control());
    }

    private PhaseResult call() {
        return facts.has(Fact.CallUp.class)
                ? ok(Phase.CALL, Fact.CallUp.class, "")
                : unlessEnded(Phase.CALL, Explanations.call());
    }

    private PhaseResult greOut() {
        if (facts.has(Fact.GreAnswered.class)) {
            return ok(Phase.GRE_OUT, Fact.GreAnswered.class, "the server reacts to our packets");
        }
        Optional<Fact.GreRefused> refused = facts.first(Fact.GreRefused.class);
        if (end.isEmpty()) {
            return pending(Phase.GRE_OUT);
        }
        if (refused.isPresent()) {
            return failed(Phase.GRE_OUT, Explanations.refusal(refused.get().errno()),
                    Explanations.greRefused(refused.get().errno()));
        }
        return facts.has(Fact.GreArrived.class)
                ? failed(Phase.GRE_OUT, "the server's packets arrive, but it reacts to none of ours",
                        Explanations.greOut())
                : result(Phase.GRE_OUT, Status.UNKNOWN, "nothing came back that would tell", Optional.empty());
    }

    private PhaseResult greBack() {
        if (facts.has(Fact.GreArrived.class)) {
            return ok(Phase.GRE_BACK, Fact.GreArrived.class, "");
        }
        return end.isEmpty()
                ? pending(Phase.GRE_BACK)
                : failed(Phase.GRE_BACK, "no GRE packet of the server arrived", Explanations.greBack());
    }

    private PhaseResult lcp() {
        Optional<Fact.LcpOpened> opened = facts.first(Fact.LcpOpened.class);
        if (opened.isPresent()) {
            return ok(Phase.LCP, Fact.LcpOpened.class, "MRU " + opened.get().mru() + ", "
                    + (demanded().isEmpty() ? "no login demanded" : "login by " + demanded().getLast()));
        }
        return unlessEnded(Phase.LCP,
                noCommonMethod() ? Explanations.noCommonMethod(demanded(), aim.methods()) : Explanations.lcp(end));
    }

    private List<String> demanded() {
        return facts.all(Fact.Demanded.class).map(Fact.Demanded::method).distinct().toList();
    }

    private boolean noCommonMethod() {
        return !demanded().isEmpty() && aim.methods().stream().map(AuthMethod::label).noneMatch(demanded()::contains);
    }

    private PhaseResult authentication() {
        Optional<Fact.LoggedIn> login = facts.first(Fact.LoggedIn.class);
        if (login.isPresent()) {
            return ok(Phase.AUTHENTICATION, Fact.LoggedIn.class, "by " + login.get().method().label());
        }
        if (!aim.withLogin()) {
            return result(Phase.AUTHENTICATION, Status.SKIPPED, "needs --user", Optional.empty());
        }
        if (demanded().isEmpty()) {
            return result(Phase.AUTHENTICATION, Status.WARNING, "the server demands no login",
                    Optional.of(Explanations.noLoginDemanded()));
        }
        return end.map(over -> failed(Phase.AUTHENTICATION, over.detail(), Explanations.login(over)))
                .orElseGet(() -> pending(Phase.AUTHENTICATION));
    }

    private PhaseResult encryption() {
        Optional<Fact.Encrypted> encrypted = facts.first(Fact.Encrypted.class);
        if (encrypted.isPresent()) {
            return ok(Phase.ENCRYPTION, Fact.Encrypted.class, encrypted.get().parameters().toString());
        }
        if (!aim.withLogin()) {
            return result(Phase.ENCRYPTION, Status.SKIPPED, "needs --user", Optional.empty());
        }
        boolean concernsEncryption = end
                .filter(over -> over.detail().toLowerCase(Locale.ROOT).matches(".*(encrypt|mppe|ccp).*"))
                .isPresent();
        if (aim.encryption() == EncryptionPolicy.REQUIRED && end.isPresent()) {
            return failed(Phase.ENCRYPTION, end.get().detail(),
                    Explanations.encryptionMissing(facts.first(Fact.LoggedIn.class).map(Fact.LoggedIn::method)));
        }
        if (concernsEncryption) {
            return failed(Phase.ENCRYPTION, end.orElseThrow().detail(), Explanations.encryptionDemanded());
        }
        if (!facts.has(Fact.Addressed.class) && end.isEmpty()) {
            return pending(Phase.ENCRYPTION);
        }
        if (aim.encryption() == EncryptionPolicy.OFF) {
            return result(Phase.ENCRYPTION, Status.SKIPPED, "not asked for", Optional.empty());
        }
        return end.isPresent()
                ? result(Phase.ENCRYPTION, Status.UNKNOWN, "", Optional.empty())
                : result(Phase.ENCRYPTION, Status.WARNING, "the server does not encrypt",
                        Optional.of(Explanations.inClear()));
    }

    private PhaseResult addresses() {
        Optional<AddressPlan> plan = facts.first(Fact.Addressed.class).map(Fact.Addressed::addresses);
        if (plan.isPresent()) {
            String dns = plan.get().dns().isEmpty()
                    ? "no name servers"
                    : "name servers "
                            + plan.get().dns().stream().map(Object::toString).collect(Collectors.joining(", "));
            return ok(Phase.ADDRESSES, Fact.Addressed.class,
                    plan.get().ourAddress() + " here, " + plan.get().peerAddress() + " there, " + dns);
        }
        return aim.withLogin()
                ? unlessEnded(Phase.ADDRESSES, Explanations.addresses())
                : result(Phase.ADDRESSES, Status.SKIPPED, "needs --user", Optional.empty());
    }

    private PhaseResult traffic() {
        Optional<Fact.Answers> answers = facts.first(Fact.Pinged.class).map(Fact.Pinged::answers);
        if (answers.isPresent() && answers.get().answered() == 0) {
            return result(Phase.TRAFFIC, Status.WARNING, "none of " + answers.get().sent() + " pings was answered",
                    Optional.of(Explanations.noPing(facts.has(Fact.Encrypted.class))));
        }
        boolean nobodyToPing = facts.first(Fact.Addressed.class)
                .map(Fact.Addressed::addresses)
                .filter(plan -> plan.peerAddress().equals(Ipv4Address.ANY))
                .isPresent();
        if (nobodyToPing) {
            return result(Phase.TRAFFIC, Status.SKIPPED, "the server's end has no address", Optional.empty());
        }
        return answers.map(counts -> result(Phase.TRAFFIC, Status.OK, text("pings", counts), Optional.empty()))
                .orElseGet(() -> needsConnection(Phase.TRAFFIC));
    }

    private PhaseResult echo() {
        Optional<Fact.Answers> answers = facts.first(Fact.Echoed.class).map(Fact.Echoed::answers);
        if (answers.isEmpty()) {
            return needsConnection(Phase.ECHO);
        }
        Fact.Answers counts = answers.get();
        if (counts.answered() == 0) {
            return failed(Phase.ECHO, text("echoes", counts), Explanations.noEcho());
        }
        return counts.answered() < counts.sent()
                ? result(Phase.ECHO, Status.WARNING, text("echoes", counts), Optional.of(Explanations.lossyPath()))
                : result(Phase.ECHO, Status.OK, text("echoes", counts), Optional.empty());
    }

    private static String text(String what, Fact.Answers counts) {
        return String.format(Locale.ROOT, "%d of %d %s answered%s", counts.answered(), counts.sent(), what,
                counts.answered() == 0
                        ? ""
                        : String.format(Locale.ROOT, ", median %.1f ms", counts.medianMicros() / 1000.0));
    }

    private PhaseResult pathMtu() {
        Optional<Fact.PathMeasured> measured = facts.first(Fact.PathMeasured.class);
        if (measured.isEmpty()) {
            return needsConnection(Phase.PATH_MTU);
        }
        int bytes = measured.get().bytes();
        int wanted = measured.get().wanted();
        if (bytes == 0) {
            return failed(Phase.PATH_MTU, "no packet passed unfragmented", Explanations.noPathMtu());
        }
        String found = "packets of " + bytes + " bytes pass" + (bytes < wanted ? ", of " + wanted + " do not" : "");
        return bytes < Math.min(wanted, COMFORTABLE_MTU)
                ? result(Phase.PATH_MTU, Status.WARNING, found, Optional.of(Explanations.smallPathMtu(bytes)))
                : result(Phase.PATH_MTU, Status.OK, found, Optional.empty());
    }

    private PhaseResult needsConnection(Phase phase) {
        return aim.withLogin()
                ? unlessEnded(phase, Explanations.lost())
                : result(phase, Status.SKIPPED, "needs --user", Optional.empty());
    }

    private PhaseResult unlessEnded(Phase phase, Advice advice) {
        return end.map(over -> failed(phase, over.detail(), advice)).orElseGet(() -> pending(phase));
    }

    private static PhaseResult pending(Phase phase) {
        return result(phase, Status.PENDING, "", Optional.empty());
    }

    private static PhaseResult failed(Phase phase, String found, Advice advice) {
        return result(phase, Status.FAILED, found, Optional.of(advice));
    }

    private static PhaseResult result(Phase phase, Status status, String found, Optional<Advice> advice) {
        return new PhaseResult(phase, status, OptionalLong.empty(), found, advice);
    }

    private PhaseResult ok(Phase phase, Class<? extends Fact> proof, String found) {
        long at = facts.when(proof).orElseThrow();
        return new PhaseResult(phase, Status.OK, OptionalLong.of(Math.max(0, at - begin(phase))), found,
                Optional.empty());
    }

    /** When the phase began: when the one that it waits for ended. */
    private long begin(Phase phase) {
        return switch (phase) {
            case NAME -> 0;
            case TCP -> facts.when(Fact.Resolved.class).orElse(0);
            case CONTROL -> facts.when(Fact.TcpConnected.class).orElse(0);
            case CALL -> facts.when(Fact.ControlStarted.class).orElse(0);
            case GRE_OUT, GRE_BACK, LCP -> facts.when(Fact.CallUp.class).orElse(0);
            case AUTHENTICATION -> facts.when(Fact.LcpOpened.class).orElse(0);
            case ENCRYPTION, ADDRESSES ->
                facts.when(Fact.LoggedIn.class).orElse(facts.when(Fact.LcpOpened.class).orElse(0));
            case TRAFFIC, ECHO, PATH_MTU -> facts.when(Fact.Addressed.class).orElse(0);
        };
    }
}
