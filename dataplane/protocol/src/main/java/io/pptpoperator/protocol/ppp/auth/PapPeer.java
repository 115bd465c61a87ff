package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;

/** The client's side of PAP (RFC 1334 section 2). */
final class PapPeer implements AuthExchange {
    private static final int MAX_FIELD = 255;
    /** There is one request, and repetitions of it. */
    private static final int IDENTIFIER = 1;

    private final String username;
    private final byte[] request;
    private final RetransmissionTimer timer = new RetransmissionTimer();
    private boolean waiting;

    PapPeer(String username, String password) {
        this.username = username;
        request = new PapPacket.Request(IDENTIFIER, field("name", username), field("password", password)).encode();
    }

    private static byte[] field(String what, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length > MAX_FIELD) {
            throw new IllegalArgumentException("a " + what + " of " + bytes.length
                    + " bytes is too long for PAP, whose " + "fields have at most " + MAX_FIELD);
        }
        return bytes;
    }

    @Override
    public void pace(long answerMillis) {
        timer.pace(answerMillis);
    }

    @Override
    public List<AuthAction> start(long now) {
        waiting = true;
        timer.start(now);
        return List.of(send());
    }

    @Override
    public List<AuthAction> receive(byte[] packet, long now) {
        PapPacket decoded = PapPacket.tryDecode(packet).orElse(null);
        if (!waiting || decoded == null || decoded.identifier() != IDENTIFIER) {
            return List.of();
        }
        return switch (decoded) {
            case PapPacket.Ack ignored ->
                finish(new AuthAction.Succeeded(username, AuthMethod.PAP, Optional.empty(), LoginGrant.NONE));
            case PapPacket.Nak nak ->
                finish(new AuthAction.Failed(username, AuthMethod.PAP, LoginFailure.BAD_CREDENTIALS,
                        "the server refused the login: \"" + WireText.printable(nak.message()) + "\""));
            case PapPacket.Request ignored -> List.of();
        };
    }

    private List<AuthAction> finish(AuthAction result) {
        waiting = false;
        timer.stop();
        return List.of(result);
    }

    @Override
    public List<AuthAction> tick(long now) {
        if (!timer.isDue(now)) {
            return List.of();
        }
        return timer.mayRetransmit(now)
                ? List.of(send())
                : finish(new AuthAction.Failed(username, AuthMethod.PAP, LoginFailure.TIMEOUT,
                        "the server did not say whether the password is right"));
    }

    @Override
    public long deadline() {
        return timer.deadline();
    }

    private AuthAction send() {
        return new AuthAction.Send(AuthMethod.PAP.protocol(), request);
    }
}
