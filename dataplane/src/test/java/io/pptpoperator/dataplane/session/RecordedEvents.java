package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.ArrayList;
import java.util.List;

/** Writes down what sessions tell. */
final class RecordedEvents implements SessionEvents {
    record FailedLogin(String username, boolean known, AuthMethod method, LoginFailure reason, String detail) {}

    record End(Session session, TerminationReason reason, String detail, long millis) {}

    record Step(LoginStep step, long millis) {}

    final List<Refusal> refusals = new ArrayList<>();
    final List<Step> steps = new ArrayList<>();
    final List<FailedLogin> failedLogins = new ArrayList<>();
    final List<Session> connected = new ArrayList<>();
    final List<Session> takenOver = new ArrayList<>();
    final List<List<Ipv4Prefix>> reroutings = new ArrayList<>();
    final List<End> ends = new ArrayList<>();
    final List<String> abandoned = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    final List<String> traces = new ArrayList<>();
    int mppeResets;
    boolean tracing;

    @Override
    public void refused(Ipv4Address peer, Refusal refusal) {
        refusals.add(refusal);
    }

    @Override
    public void stepDone(LoginStep step, long millis) {
        steps.add(new Step(step, millis));
    }

    @Override
    public void loginFailed(Ipv4Address peer, String username, boolean known, AuthMethod method, LoginFailure reason,
            String detail) {
        failedLogins.add(new FailedLogin(username, known, method, reason, detail));
    }

    @Override
    public void connected(Session session) {
        connected.add(session);
    }

    @Override
    public void takenOver(Session session) {
        takenOver.add(session);
    }

    @Override
    public void handedOver(Session session) {}

    @Override
    public void rerouted(Session session) {
        reroutings.add(session.routes());
    }

    @Override
    public void ended(Session session, long millis) {
        ends.add(new End(session, session.reason(), session.detail(), millis));
    }

    @Override
    public void abandoned(Ipv4Address peer, String reason) {
        abandoned.add(reason);
    }

    @Override
    public void note(Ipv4Address peer, String text) {
        notes.add(text);
    }

    @Override
    public void mppeReset() {
        mppeResets++;
    }

    @Override
    public boolean traces(Ipv4Address peer) {
        return tracing;
    }

    @Override
    public void trace(Ipv4Address peer, String text) {
        traces.add(text);
    }
}
