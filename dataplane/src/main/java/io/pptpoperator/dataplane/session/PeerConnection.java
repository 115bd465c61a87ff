package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.datapath.TrafficCounters;
import io.pptpoperator.dataplane.datapath.Tunnel;
import io.pptpoperator.dataplane.datapath.TunnelListener;
import io.pptpoperator.dataplane.datapath.Tunnels;
import io.pptpoperator.protocol.control.ConnectionLimits;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.control.ControlMessageException;
import io.pptpoperator.protocol.control.OutgoingCallRequest;
import io.pptpoperator.protocol.ppp.FrameText;
import io.pptpoperator.protocol.ppp.auth.LoginAnswer;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One peer's {@link PacSession} with its effects: control connection, tunnel, timer, and its place in the
 * {@link SessionTable}. Everything happens on the control loop.
 */
public final class PeerConnection implements SessionTable.Member {

    /**
     * What connections reach out to.
     *
     * @param clock the monotonic clock, in milliseconds, of which all times here are readings
     */
    record Outside(Tunnels tunnels, SessionEvents events, LongSupplier clock, SecureRandom random) {}

    private final SessionTable table;
    private final Outside outside;
    private final ControlChannel channel;
    private final ConnectionLimits.Ticket ticket;
    private final PacSession pac;
    private Session session;

    PeerConnection(SessionTable table, Outside outside, ControlChannel channel, ConnectionLimits.Ticket ticket,
            long now) {
        this.table = table;
        this.outside = outside;
        this.channel = channel;
        this.ticket = ticket;
        pac = new PacSession(table.pacSettings(), outside.random(), now);
        scheduleNext();
    }

    /** A connection that goes on where another process' was. */
    PeerConnection(SessionTable table, Outside outside, ControlChannel channel, SessionSnapshot before, long now) {
        this.table = table;
        this.outside = outside;
        this.channel = channel;
        this.ticket = table.takeOver(channel.peer());
        table.join(ticket, this);
        pac = new PacSession(table.pacSettings(), table.config(), table.linkMtu(), outside.random(), before.pac(), now);
        Tunnel tunnel = outside.tunnels()
                .takeOver(table.tunnelSpec(before.peer(), before.local(), before.pac().control().request().callId()),
                        before.tunnel(), new FromTunnel());
        session = table.takeOver(this, before, pac, tunnel);
        scheduleNext();
    }

    /**
     * What another process needs to go on with it; only while the datapath rests. Empty unless its session is connected
     * and negotiates nothing.
     */
    public Optional<SessionSnapshot> snapshot() {
        if (session == null) {
            return Optional.empty();
        }
        noteTraffic();
        return session.snapshot();
    }

    /** Whether its session is connected and negotiates nothing. */
    public boolean isAtRest() {
        return pac.snapshot().isPresent();
    }

    /** Another process goes on with it: nothing of it is told or sent here any more. */
    public void handedOver() {
        table.forget(ticket, session);
    }

    /** The session, once there was a call. */
    public Optional<Session> session() {
        return Optional.ofNullable(session);
    }

    // What comes.

    /** A control message came. */
    public void received(ControlFrame frame, long now) {
        trace("< ", frame);
        perform(pac.received(frame, now), now);
    }

    /** What came was no control message. */
    public void malformed(ControlMessageException wrong, long now) {
        perform(pac.malformed(wrong, now), now);
    }

    /** The TCP connection is gone. */
    public void closed(long now) {
        perform(pac.peerClosed(now), now);
    }

    /** Runs the timers that are due. */
    public void tick(long now) {
        noteTraffic();
        perform(pac.tick(now), now);
    }

    @Override
    public void end(TerminationReason reason, String detail, long now) {
        perform(pac.end(reason, detail, now), now);
    }

    @Override
    public void displace(long now) {
        outside.events().refused(channel.peer(), Refusal.PENDING_CONNECTIONS);
        perform(pac.displaced(now), now);
    }

    @Override
    public void reconfigure() {
        pac.reconfigure(table.pacSettings(), table.linkMtu());
        scheduleNext();
    }

    /** What the tunnel tells. */
    private final class FromTunnel implements TunnelListener {

        @Override
        public void onControlFrame(byte[] frame) {
            long now = outside.clock().getAsLong();
            trace("< ", frame);
            perform(pac.frameReceived(frame, now), now);
        }

        @Override
        public void onFrameOutOfOrder(byte[] frame) {
            long now = outside.clock().getAsLong();
            trace("< ", frame);
            perform(pac.frameReceivedOutOfOrder(frame, now), now);
        }

        @Override
        public void onMppeResetNeeded() {
            long now = outside.clock().getAsLong();
            perform(pac.mppeResetNeeded(now), now);
        }

        @Override
        public void onMppeHopeless() {
            long now = outside.clock().getAsLong();
            noteTraffic();
            perform(pac.mppeHopeless(now), now);
        }

        @Override
        public void onInform(byte[] packet) {
            table.inform(session, packet);
        }

        @Override
        public void onOctetsUsedUp() {
            end(TerminationReason.OCTETS_USED_UP, "all bytes that the session may have are used up",
                    outside.clock().getAsLong());
        }
    }

    private void noteTraffic() {
        if (session != null) {
            TrafficCounters traffic = session.traffic();
            pac.trafficSeen(traffic.lastHeard(), traffic.lastDecrypted());
        }
    }

    // What is to be done.

    private void perform(List<SessionAction> actions, long now) {
        for (SessionAction action : actions) {
            perform(action, now);
        }
        scheduleNext();
    }

    private void perform(SessionAction action, long now) {
        switch (action) {
            case SessionAction.Control(var message) -> {
                trace("> ", message);
                channel.send(message);
            }
            case SessionAction.OpenCall(var request) -> openCall(request, now);
            case SessionAction.Link(var wish) -> {
                if (wish instanceof LinkAction.Send(byte[] frame)) {
                    trace("> ", frame);
                }
                if (wish instanceof LinkAction.NetworkUp && session.wasConnected()) {
                    // Of a link that has begun anew: its login may have granted other terms.
                    table.limit(session, now);
                }
                session.perform(wish);
            }
            case SessionAction.Ask(int number, var question) ->
                table.decide(session, question, () -> pac.awaits(number), answer -> answered(number, answer));
            case SessionAction.StepDone(var step, long millis) -> outside.events().stepDone(step, millis);
            case SessionAction.LoginFailed failed -> loginFailed(failed);
            case SessionAction.Connected(var addresses) -> {
                table.limit(session, now);
                session.connected(addresses, table.time());
                ticket.loggedIn();
                table.connected(session);
                outside.events().connected(session);
            }
            case SessionAction.Ending ending -> {
                session.closeNetwork();
                table.release(session); // the address leads nowhere any more: the user's next session may have it
            }
            case SessionAction.CallOver over -> {
                table.release(session);
                session.closeTunnel();
                table.remove(session);
                outside.events().ended(session, now - session.startedAt());
            }
            case SessionAction.MppeReset reset -> outside.events().mppeReset();
            case SessionAction.Note(String text) -> outside.events().note(channel.peer(), text);
            case SessionAction.Closed(String reason) -> {
                if (session == null) {
                    outside.events().abandoned(channel.peer(), reason);
                }
                ticket.closed();
                table.left(ticket);
                channel.close();
            }
        }
    }

    private void openCall(OutgoingCallRequest request, long now) {
        Optional<Refusal> refusal = table.refusalOfCall();
        if (refusal.isPresent()) {
            refuseCall(refusal.get(), now);
            return;
        }
        Optional<Tunnel> tunnel = outside.tunnels()
                .open(table.tunnelSpec(channel.peer(), channel.local(), request.callId()), new FromTunnel());
        if (tunnel.isEmpty()) {
            refuseCall(Refusal.CALL_IDS, now);
            return;
        }
        session = table.add(this, channel, pac, tunnel.get(), now);
        perform(pac.callAccepted(tunnel.get().callId(), table.config(), table.linkMtu(), now), now);
    }

    private void refuseCall(Refusal refusal, long now) {
        outside.events().refused(channel.peer(), refusal);
        perform(pac.callRefused(refusal, now), now);
    }

    private void answered(int question, LoginAnswer answer) {
        long now = outside.clock().getAsLong();
        perform(pac.answered(question, answer, now), now);
    }

    private void loginFailed(SessionAction.LoginFailed failed) {
        Optional<String> known = table.userMeant(failed.username());
        outside.events()
                .loginFailed(channel.peer(), known.orElse(failed.username()), known.isPresent(), failed.method(),
                        failed.reason(), failed.detail());
    }

    private void scheduleNext() {
        if (!pac.isClosed()) {
            channel.wakeAt(pac.deadline());
        }
    }

    private void trace(String direction, Object message) {
        if (outside.events().traces(channel.peer())) {
            outside.events().trace(channel.peer(), direction + message);
        }
    }

    private void trace(String direction, byte[] frame) {
        if (outside.events().traces(channel.peer())) {
            outside.events().trace(channel.peer(), direction + FrameText.of(frame));
        }
    }
}
