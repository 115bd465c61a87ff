package io.pptpoperator.protocol.ppp.auth;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * The server's side of EAP (RFC 3748) where somebody else speaks the method: it asks for the peer's name, carries what
 * the peer answers to whoever decides, and what that asks to the peer, and repeats what gets lost. Fragments, if there are
 * any, are the method's business; whoever decides is told how long a packet may be.
 *
 * <p>A Success and a Failure are this end's own, whoever decides: nobody on the way can forge one of them into a
 * conversation that is not at its end.
 */
final class EapAuthenticator implements AuthExchange {
    /** More than any chain of certificates takes, and an end to a conversation that goes round in circles. */
    static final int MOST_ROUNDS = 100;

    private enum State {
        INITIAL, ASKING, DECIDING, ADMITTED, REFUSED
    }

    private final SecureRandom random;
    private final RetransmissionTimer timer = new RetransmissionTimer();
    private State state = State.INITIAL;
    private int longest;
    private String name = "";
    /** What the peer was asked last. */
    private EapPacket request;
    /** What the peer answered last, which is being decided on, or was. */
    private byte[] response = {};
    private int responseIdentifier;
    private List<byte[]> conversation = List.of();
    private int rounds;
    /** What ended it; null before, and when the peer is left without an answer. */
    private byte[] last;

    EapAuthenticator(SecureRandom random) {
        this.random = random;
    }

    @Override
    public void pace(long answerMillis) {
        timer.pace(answerMillis);
    }

    @Override
    public void fit(int bytes) {
        longest = bytes;
    }

    @Override
    public List<AuthAction> start(long now) {
        state = State.ASKING;
        request = EapPacket.identityRequest(random.nextInt(256));
        timer.startPatiently(now);
        return List.of(send(request.encode()));
    }

    @Override
    public List<AuthAction> receive(byte[] packet, long now) {
        EapPacket answer = EapPacket.tryDecode(packet).orElse(null);
        if (answer == null || answer.code() != EapPacket.RESPONSE) {
            return List.of();
        }
        return switch (state) {
            case INITIAL, DECIDING -> List.of();
            case ASKING -> answer.identifier() == request.identifier() ? heard(answer) : List.of();
            // What ended it may have been lost (section 4.2).
            case ADMITTED, REFUSED ->
                last != null && answer.identifier() == responseIdentifier && Arrays.equals(answer.encode(), response)
                        ? List.of(send(last))
                        : List.of();
        };
    }

    private List<AuthAction> heard(EapPacket answer) {
        if (conversation.isEmpty() && rounds == 0) {
            // Section 5.1: the first Response has the name; whoever answers otherwise was asked for it in vain.
            if (answer.type() != EapPacket.IDENTITY) {
                return List.of();
            }
            name = WireText.decode(answer.identity());
        }
        timer.stop();
        state = State.DECIDING;
        response = answer.encode();
        responseIdentifier = answer.identifier();
        rounds++;
        return List.of(new AuthAction.Ask(
                new LoginQuestion(name, new LoginEvidence.Eap(response, conversation, longest), false)));
    }

    @Override
    public List<AuthAction> answered(LoginAnswer answer, long now) {
        if (state != State.DECIDING) {
            return List.of();
        }
        return switch (answer) {
            case LoginAnswer.Accepted(String username, LoginProof proof, LoginGrant grant) -> {
                state = State.ADMITTED;
                last = new EapPacket(EapPacket.SUCCESS, responseIdentifier, new byte[0]).encode();
                yield List.of(send(last), new AuthAction.Succeeded(username, AuthMethod.EAP, proof.mppeKeys(), grant));
            }
            case LoginAnswer.Rejected rejected -> refuse(rejected.reason(), rejected.reason().detail());
            case LoginAnswer.Continued(byte[] packet, var next) -> goOn(packet, next, now);
        };
    }

    private List<AuthAction> goOn(byte[] packet, List<byte[]> next, long now) {
        EapPacket asked = EapPacket.tryDecode(packet).orElse(null);
        if (asked == null || asked.code() != EapPacket.REQUEST || rounds >= MOST_ROUNDS) {
            return refuse(LoginFailure.NO_DECISION,
                    rounds >= MOST_ROUNDS
                            ? "no decision after " + rounds + " packets of EAP"
                            : "whoever decides goes on with what is no Request of EAP");
        }
        state = State.ASKING;
        request = asked;
        conversation = next;
        timer.startPatiently(now);
        return List.of(send(request.encode()));
    }

    private List<AuthAction> refuse(LoginFailure reason, String detail) {
        state = State.REFUSED;
        AuthAction failed = new AuthAction.Failed(WireText.printable(name), AuthMethod.EAP, reason, detail);
        if (reason.isUndecided()) {
            return List.of(failed); // a Failure would tell the peer that it is not who it is
        }
        last = new EapPacket(EapPacket.FAILURE, responseIdentifier, new byte[0]).encode();
        return List.of(send(last), failed);
    }

    @Override
    public List<AuthAction> tick(long now) {
        if (!timer.isDue(now)) {
            return List.of();
        }
        if (timer.mayRetransmit(now)) {
            return List.of(send(request.encode()));
        }
        timer.stop();
        state = State.REFUSED;
        return List.of(new AuthAction.Failed(WireText.printable(name), AuthMethod.EAP, LoginFailure.TIMEOUT,
                "no answer to a Request of EAP sent " + RetransmissionTimer.MAX_TRANSMISSIONS + " times"));
    }

    @Override
    public long deadline() {
        return timer.deadline();
    }

    private static AuthAction send(byte[] packet) {
        return new AuthAction.Send(AuthMethod.EAP.protocol(), packet);
    }
}
