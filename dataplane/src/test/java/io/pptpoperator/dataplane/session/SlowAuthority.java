package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Decides as a server's own users would, but when a test wants it. */
final class SlowAuthority implements Authority {
    private record Pending(LoginRequest request, Consumer<Verdict> verdict) {}

    private final List<Pending> pending = new ArrayList<>();
    private Authority users;
    /** Makes something else of what the users say. */
    UnaryOperator<Verdict> otherwise = verdict -> verdict;
    int asked;

    /** Takes the place of the one that knows the users. */
    Authority insteadOf(Authority local) {
        users = local;
        return this;
    }

    @Override
    public void decide(LoginRequest request, Consumer<Verdict> verdict) {
        asked++;
        pending.add(new Pending(request, verdict));
    }

    @Override
    public Optional<String> objection(String username, Ipv4Address source, Instant time) {
        return users.objection(username, source, time);
    }

    boolean isAsked() {
        return !pending.isEmpty();
    }

    /** The logins that wait for an answer. */
    List<LoginRequest> requests() {
        return pending.stream().map(Pending::request).toList();
    }

    /** Tells all verdicts that are awaited: what the users said when they were asked does not count, but what they say now. */
    void answer() {
        List<Pending> due = List.copyOf(pending);
        pending.clear();
        due.forEach(one -> users.decide(one.request(), verdict -> one.verdict().accept(otherwise.apply(verdict))));
    }

    /** What the users say now, to be told later. */
    Runnable verdictOfNow() {
        List<Runnable> told = new ArrayList<>();
        List<Pending> due = List.copyOf(pending);
        pending.clear();
        due.forEach(one -> users.decide(one.request(),
                verdict -> told.add(() -> one.verdict().accept(otherwise.apply(by(verdict))))));
        return () -> told.forEach(Runnable::run);
    }

    private Verdict by(Verdict verdict) {
        return verdict instanceof Verdict.Proven proven
                ? new Verdict.Proven(proven.username(), proven.proof(), proven.terms(), this)
                : verdict;
    }
}
