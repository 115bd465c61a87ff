package io.pptpoperator.protocol.ppp.auth;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The server's side of PAP (RFC 1334 section 2). */
final class PapAuthenticator implements AuthExchange {
    /** As long as a peer that repeats its request every three seconds would try. */
    private static final long WAIT_MILLIS = 30_000;

    private enum State {
        INITIAL, WAITING, DECIDING, FINISHED
    }

    private final RetransmissionTimer timer = new RetransmissionTimer();
    private State state = State.INITIAL;
    /** What is asked about; its last repetition, since the peer may count its requests (RFC 1334 section 2.2.1). */
    private PapPacket.Request request;
    /** Built for the identifier of the request it answers; null when the peer is left without one. */
    private PapPacket reply;

    @Override
    public List<AuthAction> start(long now) {
        state = State.WAITING;
        timer.await(now, WAIT_MILLIS);
        return List.of();
    }

    @Override
    public List<AuthAction> receive(byte[] packet, long now) {
        if (!(PapPacket.tryDecode(packet).orElse(null) instanceof PapPacket.Request asked)) {
            return List.of();
        }
        return switch (state) {
            case INITIAL -> List.of();
            case WAITING -> ask(asked);
            case DECIDING -> {
                if (Arrays.equals(asked.name(), request.name())
                        && Arrays.equals(asked.password(), request.password())) {
                    request = asked;
                }
                yield List.of();
            }
            case FINISHED -> repeat(asked.identifier());
        };
    }

    private List<AuthAction> ask(PapPacket.Request asked) {
        timer.stop();
        state = State.DECIDING;
        request = asked;
        return List.of(new AuthAction.Ask(
                new LoginQuestion(WireText.decode(asked.name()), new LoginEvidence.Pap(asked.password()), false)));
    }

    @Override
    public List<AuthAction> answered(LoginAnswer answer, long now) {
        if (state != State.DECIDING) {
            return List.of();
        }
        state = State.FINISHED;
        return switch (answer) {
            case LoginAnswer.Accepted(String username, LoginProof proof, LoginGrant grant) -> {
                reply = new PapPacket.Ack(request.identifier(), proof.message());
                yield List.of(send(reply), new AuthAction.Succeeded(username, AuthMethod.PAP, Optional.empty(), grant));
            }
            case LoginAnswer.Rejected rejected -> refuse(rejected);
            case LoginAnswer.Continued ignored -> refuse(new LoginAnswer.Rejected(LoginFailure.NO_DECISION));
        };
    }

    private List<AuthAction> refuse(LoginAnswer.Rejected rejected) {
        LoginFailure reason = rejected.reason();
        AuthAction failed = new AuthAction.Failed(WireText.printable(WireText.decode(request.name())), AuthMethod.PAP,
                reason, reason.detail());
        if (reason.isUndecided()) {
            return List.of(failed); // a Nak would tell the peer that its password is wrong
        }
        reply = new PapPacket.Nak(request.identifier(), rejected.message().orElse(reason.message()));
        return List.of(send(reply), failed);
    }

    /** The reply may have been lost. */
    private List<AuthAction> repeat(int identifier) {
        return switch (reply) {
            case null -> List.of();
            case PapPacket.Ack ack -> List.of(send(new PapPacket.Ack(identifier, ack.message())));
            case PapPacket.Nak nak -> List.of(send(new PapPacket.Nak(identifier, nak.message())));
            case PapPacket.Request ignored -> List.of();
        };
    }

    @Override
    public List<AuthAction> tick(long now) {
        if (!timer.isDue(now)) {
            return List.of();
        }
        timer.stop();
        state = State.FINISHED;
        return List.of(new AuthAction.Failed("", AuthMethod.PAP, LoginFailure.TIMEOUT,
                "no Authenticate-Request within " + WAIT_MILLIS / 1000 + " s"));
    }

    @Override
    public long deadline() {
        return timer.deadline();
    }

    private static AuthAction send(PapPacket packet) {
        return new AuthAction.Send(AuthMethod.PAP.protocol(), packet.encode());
    }
}
