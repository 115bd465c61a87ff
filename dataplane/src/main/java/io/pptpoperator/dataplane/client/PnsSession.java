package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.control.ControlAction;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.control.ControlMessageException;
import io.pptpoperator.protocol.control.PnsAction;
import io.pptpoperator.protocol.control.PnsControlConnection;
import io.pptpoperator.protocol.mppe.MppeHeader;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.LinkTimers;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.PppLink;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One client's session with one server: control connection and PPP link, from the first control message to the last. A
 * pure state machine: every method takes one event and returns what to do about it, in order. Times are milliseconds of
 * a monotonic clock.
 */
public final class PnsSession {
    /** A server sends one or two frames before its Outgoing-Call-Reply arrives; nobody needs more. */
    private static final int MOST_EARLY_FRAMES = 8;

    private static final String NOTHING_HEARD = "nothing arrived through the tunnel (is GRE, IP protocol 47, let through in"
            + " both directions?) until ";

    private final int mru;
    private final boolean encrypts;
    private final PnsControlConnection control;
    private final PppLink link;
    /** Frames that outran the Outgoing-Call-Reply, which comes another way. */
    private final List<byte[]> earlyFrames = new ArrayList<>();
    private List<ClientAction> out = new ArrayList<>();
    private Optional<LoginStep> missing = Optional.of(LoginStep.TCP);
    private long forcedEnd = Long.MAX_VALUE;
    private int peerMru;
    private Optional<MppeParameters> encryption = Optional.empty();
    private Optional<LoginFailure> loginFailure = Optional.empty();
    private Optional<SessionEnd> end = Optional.empty();
    private boolean callUp;
    private boolean heardFrames;
    private boolean over;
    /** When Outgoing-Call-Request left, in milliseconds. */
    private long asked;

    /**
     * A session whose TCP connection is about to be opened.
     *
     * @param callId the Call ID of the tunnel, which the server's packets will name
     */
    public PnsSession(ClientSettings settings, int callId, SecureRandom random) {
        mru = settings.mru();
        encrypts = settings.encryption().policy() != EncryptionPolicy.OFF;
        peerMru = mru;
        control = new PnsControlConnection(settings.control(callId));
        link = new PppLink(settings.link(random), random);
    }

    /** The step of the login that is under way; empty once it is connected. A session that has ended keeps it. */
    public Optional<LoginStep> missing() {
        return missing;
    }

    /** How it is encrypted, if it is. */
    public Optional<MppeParameters> encryption() {
        return encryption;
    }

    /** The largest IP packet, in bytes, that both ends take. */
    public int mtu() {
        return Math.min(mru, peerMru - (encryption.isPresent() ? MppeHeader.OVERHEAD : 0));
    }

    /** The TCP connection is there. */
    public List<ClientAction> connected(long now) {
        if (missing.equals(Optional.of(LoginStep.TCP)) && !over) {
            missing = Optional.of(LoginStep.CONTROL);
        }
        return performed(control.connected(now), now);
    }

    /** A control message arrived. */
    public List<ClientAction> received(ControlFrame frame, long now) {
        return performed(control.received(frame, now), now);
    }

    /** What came on the TCP connection is no PPTP. */
    public List<ClientAction> malformed(ControlMessageException wrong, long now) {
        return performed(control.malformed(wrong), now);
    }

    /** The TCP connection is gone, or could not be opened. */
    public List<ClientAction> peerClosed(long now) {
        return performed(control.peerClosed(), now);
    }

    /** A PPP frame that is not data arrived through the tunnel. */
    public List<ClientAction> frameReceived(byte[] frame, long now) {
        heardFrames = true;
        if (callUp) {
            handle(link.receive(frame, now), now);
        } else if (earlyFrames.size() < MOST_EARLY_FRAMES && !over) {
            earlyFrames.add(frame);
        }
        return taken();
    }

    /** A PPP frame of LCP arrived whose GRE number is out of order. */
    public List<ClientAction> frameReceivedOutOfOrder(byte[] frame, long now) {
        if (callUp) {
            handle(link.receiveOutOfOrder(frame, now), now);
        }
        return taken();
    }

    /**
     * What came through the tunnel last.
     *
     * @param heard when anything came: no echo is needed to know that the server lives
     * @param decrypted when an encrypted packet proved genuine; 0 when none has
     */
    public void trafficSeen(long heard, long decrypted) {
        link.trafficSeen(heard);
        link.decryptedAt(decrypted);
    }

    /** Packets of a stateful MPPE stream were lost. */
    public List<ClientAction> mppeResetNeeded(long now) {
        handle(link.mppeResetNeeded(now), now);
        return taken();
    }

    /** So many packets did not decrypt that the two ends cannot have the same keys. */
    public List<ClientAction> mppeHopeless(long now) {
        handle(link.mppeHopeless(now), now);
        return taken();
    }

    /** The user wants to end the session, in order. */
    public List<ClientAction> hangUp(String why, long now) {
        terminate(TerminationReason.USER_REQUEST, why, now);
        return taken();
    }

    /** When {@link #tick} is next wanted, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        return over ? Long.MAX_VALUE : Math.min(forcedEnd, Math.min(control.deadline(), link.deadline()));
    }

    /** Runs the timers that have expired. */
    public List<ClientAction> tick(long now) {
        perform(control.tick(now), now);
        handle(link.tick(now), now);
        if (now >= forcedEnd && !over) {
            forcedEnd = Long.MAX_VALUE;
            perform(control.clearCall(end.map(SessionEnd::detail).orElse(""), now), now);
        }
        return taken();
    }

    private void terminate(TerminationReason why, String detail, long now) {
        if (end.isPresent() || over) {
            return;
        }
        endBecause(Optional.of(why), detail);
        if (callUp) {
            forcedEnd = now + LinkTimers.ORDERLY_END;
            handle(link.terminate(why, detail, now), now);
        } else {
            perform(control.stop(detail, now), now);
        }
    }

    /** The first reason is the one that counts: the others follow from it. */
    private void endBecause(Optional<TerminationReason> reason, String detail) {
        if (end.isEmpty()) {
            end = Optional.of(new SessionEnd(missing, reason, loginFailure, detail));
        }
    }

    private List<ClientAction> performed(List<PnsAction> actions, long now) {
        perform(actions, now);
        return taken();
    }

    private void perform(List<PnsAction> actions, long now) {
        for (PnsAction action : actions) {
            switch (action) {
                case ControlAction.Send(var message) -> out.add(new ClientAction.Control(message));
                case PnsAction.Started(var reply) -> {
                    missing = Optional.of(LoginStep.CALL);
                    asked = now;
                    out.add(new ClientAction.Started(reply));
                }
                case PnsAction.CallUp up -> callUp(up, now);
                case ControlAction.CloseCall(String reason) -> {
                    // If PPP was about to end already, it knows better why than the message that follows from it.
                    callUp = false;
                    handle(link.lowerDown(now), now);
                    if (missing.equals(Optional.of(LoginStep.LCP)) && !heardFrames) {
                        endBecause(Optional.of(TerminationReason.NO_ANSWER), NOTHING_HEARD + reason);
                    }
                    endBecause(Optional.empty(), reason);
                }
                case ControlAction.CloseConnection(String reason) -> {
                    endBecause(Optional.empty(), reason);
                    over = true;
                    out.add(new ClientAction.Ended(end.orElseThrow()));
                }
                case ControlAction.WanErrors errors -> {
                }
                case ControlAction.Note(String text) -> out.add(new ClientAction.Note(text));
            }
        }
    }

    private void callUp(PnsAction.CallUp up, long now) {
        callUp = true;
        missing = Optional.of(LoginStep.LCP);
        out.add(new ClientAction.CallUp(up.reply()));
        handle(link.start(now, now - asked), now);
        for (byte[] frame : earlyFrames) {
            handle(link.receive(frame, now), now);
        }
        earlyFrames.clear();
    }

    private void handle(List<LinkAction> actions, long now) {
        for (LinkAction action : actions) {
            note(action);
            out.add(new ClientAction.Link(action));
            if (action instanceof LinkAction.Terminated(TerminationReason reason, String detail)) {
                if (reason != TerminationReason.TUNNEL_DOWN) {
                    endBecause(Optional.of(reason), detail);
                }
                forcedEnd = Long.MAX_VALUE;
                perform(control.clearCall(detail, now), now);
            }
        }
    }

    /** Remembers what others will ask about the link. */
    private void note(LinkAction action) {
        switch (action) {
            case LinkAction.LcpOpened opened -> {
                peerMru = opened.peerMru();
                missing = Optional.of(LoginStep.AUTHENTICATION);
            }
            case LinkAction.Authenticated login ->
                missing = Optional.of(encrypts ? LoginStep.ENCRYPTION : LoginStep.ADDRESSES);
            case LinkAction.LoginFailed failed -> loginFailure = Optional.of(failed.reason());
            case LinkAction.MppeUp up -> {
                encryption = Optional.of(up.send());
                missing = missing.map(step -> LoginStep.ADDRESSES);
            }
            case LinkAction.MppeDown down -> encryption = Optional.empty();
            case LinkAction.MppeReceive ready -> {
            }
            case LinkAction.PeerStartedOver started -> {
            }
            case LinkAction.NetworkUp up -> missing = Optional.empty();
            case LinkAction.Send send -> {
            }
            case LinkAction.LoginRetrying retrying -> {
            }
            case LinkAction.Ask question -> {
            }
            case LinkAction.MppeResetRequested requested -> {
            }
            case LinkAction.MppeResetAcknowledged acknowledged -> {
            }
            case LinkAction.NetworkDown down -> {
            }
            case LinkAction.StepDone done -> {
            }
            case LinkAction.PeerComputer computer -> {
            }
            case LinkAction.Note text -> {
            }
            case LinkAction.Terminated terminated -> {
            }
        }
    }

    private List<ClientAction> taken() {
        List<ClientAction> taken = out;
        out = new ArrayList<>();
        return taken;
    }
}
