package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The client's side of CHAP with MD5, MS-CHAPv1 and MS-CHAPv2. */
final class ChapPeer implements AuthExchange {
    private static final long CHALLENGE_MILLIS = 30_000;

    private enum State {
        INITIAL, WAITING, ANSWERED, SUCCEEDED, FAILED
    }

    private final ChapProver prover;
    private final String username;
    private final RetransmissionTimer timer = new RetransmissionTimer();
    private State state = State.INITIAL;
    private ChapPacket.Challenge challenge;
    private ChapProver.Answer answer;
    private byte[] response;

    ChapPeer(ChapProver prover, String username) {
        this.prover = prover;
        this.username = username;
    }

    @Override
    public void pace(long answerMillis) {
        timer.pace(answerMillis);
    }

    @Override
    public List<AuthAction> start(long now) {
        state = State.WAITING;
        timer.await(now, CHALLENGE_MILLIS);
        return List.of();
    }

    @Override
    public List<AuthAction> receive(byte[] packet, long now) {
        if (state == State.INITIAL || state == State.FAILED) {
            return List.of();
        }
        return switch (ChapPacket.tryDecode(packet).orElse(null)) {
            case null -> List.of();
            case ChapPacket.Challenge question -> respond(question, now);
            case ChapPacket.Success success -> answersUs(success) ? succeed(success.message()) : List.of();
            case ChapPacket.Failure failure -> answersUs(failure) ? refused(failure.message()) : List.of();
            case ChapPacket.Response ignored -> List.of();
        };
    }

    private boolean answersUs(ChapPacket packet) {
        return state == State.ANSWERED && packet.identifier() == challenge.identifier();
    }

    private List<AuthAction> respond(ChapPacket.Challenge question, long now) {
        if (challenge != null && question.identifier() == challenge.identifier()
                && Arrays.equals(question.value(), challenge.value())) {
            // The response was lost, or only late: another one with another peer challenge would confuse both ends.
            return List.of(send());
        }
        Optional<ChapProver.Answer> next = prover.answer(question.identifier(), question.value());
        if (next.isEmpty()) {
            return List.of();
        }
        challenge = question;
        answer = next.get();
        response = new ChapPacket.Response(question.identifier(), answer.value(), username.getBytes(UTF_8)).encode();
        timer.start(now);
        if (state == State.SUCCEEDED) {
            // A server may ask again at any time (RFC 1994 section 2); the link's keys stay those of the first time.
            timer.stop();
        } else {
            state = State.ANSWERED;
        }
        return List.of(send());
    }

    private List<AuthAction> succeed(String message) {
        timer.stop();
        String proof = answer.serverProof();
        String given = message.substring(0, Math.min(proof.length(), message.length())).toUpperCase(Locale.ROOT);
        if (!MessageDigest.isEqual(proof.getBytes(UTF_8), given.getBytes(UTF_8))) {
            state = State.FAILED;
            return failed(LoginFailure.SERVER_NOT_VERIFIED,
                    "the server accepted the password without proving that it knows it: it may be an impostor");
        }
        state = State.SUCCEEDED;
        return List.of(new AuthAction.Succeeded(username, prover.method(), answer.mppeKeys(), LoginGrant.NONE));
    }

    private List<AuthAction> refused(String message) {
        timer.stop();
        state = State.FAILED;
        Optional<MsChapFailure> failure = MsChapFailure.parse(message);
        LoginFailure reason = failure.map(known -> LoginFailure.ofMsChapError(known.error()))
                .orElse(LoginFailure.BAD_CREDENTIALS);
        String text = failure.map(known -> "error " + known.error() + " \"" + known.message() + "\"")
                .orElse("\"" + message + "\"");
        return failed(reason, "the server refused the login: " + WireText.printable(text));
    }

    private List<AuthAction> failed(LoginFailure reason, String detail) {
        return List.of(new AuthAction.Failed(username, prover.method(), reason, detail));
    }

    @Override
    public List<AuthAction> tick(long now) {
        if (!timer.isDue(now)) {
            return List.of();
        }
        if (timer.mayRetransmit(now)) {
            return List.of(send());
        }
        timer.stop();
        boolean answered = state == State.ANSWERED;
        state = State.FAILED;
        return failed(LoginFailure.TIMEOUT,
                answered
                        ? "the server did not say whether the password is right"
                        : "the server sent no challenge within " + CHALLENGE_MILLIS / 1000 + " s");
    }

    @Override
    public long deadline() {
        return timer.deadline();
    }

    private AuthAction send() {
        return new AuthAction.Send(prover.method().protocol(), response);
    }
}
