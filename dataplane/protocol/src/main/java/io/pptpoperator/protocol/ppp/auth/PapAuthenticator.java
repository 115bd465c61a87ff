package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** The server's side of PAP (RFC 1334 section 2). */
final class PapAuthenticator implements AuthExchange {
    /** As long as a peer that repeats its request every three seconds would try. */
    private static final long WAIT_MILLIS = 30_000;

    private enum State {
        INITIAL, WAITING, FINISHED
    }

    private final UserLookup users;
    private final RetransmissionTimer timer = new RetransmissionTimer();
    private State state = State.INITIAL;
    /** Built for the identifier of the request it answers. */
    private PapPacket reply;

    PapAuthenticator(LoginPolicy policy, SecureRandom random) {
        users = new UserLookup(policy, AuthMethod.PAP, random);
    }

    @Override
    public List<AuthAction> start(long now) {
        state = State.WAITING;
        timer.await(now, WAIT_MILLIS);
        return List.of();
    }

    @Override
    public List<AuthAction> receive(byte[] packet, long now) {
        if (!(PapPacket.tryDecode(packet).orElse(null) instanceof PapPacket.Request request)) {
            return List.of();
        }
        return switch (state) {
            case INITIAL -> List.of();
            case WAITING -> answer(request);
            case FINISHED -> repeat(request.identifier());
        };
    }

    private List<AuthAction> answer(PapPacket.Request request) {
        timer.stop();
        state = State.FINISHED;
        String name = WireText.decode(request.name());
        UserLookup.User user = users.find(name);
        boolean right = matches(user.credentials(), request.password());
        if (!right || user.account().isEmpty()) {
            return refuse(request, user.failure());
        }
        LoginPolicy.Account account = user.account().get();
        return switch (users.admit(account)) {
            case LoginPolicy.Admission.Admitted() -> {
                reply = new PapPacket.Ack(request.identifier(), ChapVerifier.WELCOME);
                yield List.of(send(reply),
                        new AuthAction.Succeeded(account.username(), AuthMethod.PAP, Optional.empty()));
            }
            case LoginPolicy.Admission.Refused(LoginFailure reason) -> refuse(request, reason);
        };
    }

    private static boolean matches(Credentials credentials, byte[] password) {
        return switch (credentials) {
            case Credentials.Password(String expected) -> MessageDigest.isEqual(expected.getBytes(UTF_8), password);
            case Credentials.NtHash ignored -> false;
        };
    }

    private List<AuthAction> refuse(PapPacket.Request request, LoginFailure reason) {
        reply = new PapPacket.Nak(request.identifier(), reason.message());
        return List.of(send(reply), new AuthAction.Failed(WireText.printable(WireText.decode(request.name())),
                AuthMethod.PAP, reason, reason.detail()));
    }

    /** The reply may have been lost; the peer may count its requests (RFC 1334 section 2.2.1). */
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
