package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * The server's side of CHAP with MD5, MS-CHAPv1 and MS-CHAPv2. It asks about each response, and is silent until the
 * answer comes: the peer's repetitions get the answer that is on its way, and no new challenge is sent meanwhile.
 */
final class ChapAuthenticator implements AuthExchange {
    private enum State {
        INITIAL, CHALLENGING, DECIDING, RETRYING, ADMITTED, REFUSED
    }

    /**
     * How many further responses of a peer that is in are looked at. Each goes with a challenge that was sent again, of
     * which there are {@link RetransmissionTimer#MAX_TRANSMISSIONS}.
     */
    private static final int MOST_REPEATED = 2 * RetransmissionTimer.MAX_TRANSMISSIONS;

    private final AuthMethod method;
    private final int challengeLength;
    private final AuthenticatorSettings settings;
    private final SecureRandom random;
    private final RetransmissionTimer timer = new RetransmissionTimer();
    private State state = State.INITIAL;
    private byte[] challenge;
    private byte[] challengePacket;
    /** Of the challenge sent, and after that of the response asked about. */
    private int identifier;
    private int retriesLeft;
    private String lastName = "";
    /** What {@link #reply} answers or, before there is a reply, what the answer is awaited for. */
    private ChapPacket.Response answered;
    private byte[] reply;
    /** The answer that let the peer in, or null. */
    private LoginAnswer.Accepted admitted;
    /** The further response whose answer is awaited, or null. */
    private ChapPacket.Response repeated;
    /** The newest response that came while an answer was awaited to another one, or null. */
    private ChapPacket.Response next;
    private int repetitions;

    ChapAuthenticator(AuthMethod method, AuthenticatorSettings settings, SecureRandom random) {
        this.method = method;
        this.settings = settings;
        this.random = random;
        challengeLength = ChapVerifier.of(method).challengeLength();
        retriesLeft = method.yieldsMppeKeys() ? settings.retries() : 0;
    }

    @Override
    public void pace(long answerMillis) {
        timer.pace(answerMillis);
    }

    @Override
    public List<AuthAction> start(long now) {
        state = State.CHALLENGING;
        identifier = random.nextInt(256);
        newChallenge();
        challengePacket = new ChapPacket.Challenge(identifier, challenge, settings.serverName().getBytes(UTF_8))
                .encode();
        timer.startPatiently(now);
        return List.of(send(challengePacket));
    }

    private void newChallenge() {
        challenge = new byte[challengeLength];
        random.nextBytes(challenge);
    }

    @Override
    public List<AuthAction> receive(byte[] packet, long now) {
        if (!(ChapPacket.tryDecode(packet).orElse(null) instanceof ChapPacket.Response response)) {
            return List.of();
        }
        return switch (state) {
            case INITIAL -> List.of();
            case CHALLENGING -> response.identifier() == identifier ? ask(response) : List.of();
            case DECIDING -> {
                rememberNext(response, answered);
                yield List.of();
            }
            case RETRYING -> {
                if (isSame(response, answered)) {
                    yield List.of(send(reply));
                }
                // RFC 2759 section 9.1 counts the identifier up for another try; not every peer does.
                boolean expected = response.identifier() == identifier
                        || response.identifier() == (identifier + 1 & 0xff);
                yield expected ? ask(response) : List.of();
            }
            case ADMITTED -> afterAdmission(response);
            case REFUSED ->
                answered != null && response.identifier() == answered.identifier() ? List.of(send(reply)) : List.of();
        };
    }

    private List<AuthAction> ask(ChapPacket.Response response) {
        timer.stop();
        state = State.DECIDING;
        answered = response;
        identifier = response.identifier();
        lastName = WireText.printable(WireText.decode(response.name()));
        return List.of(question(response, false));
    }

    private AuthAction question(ChapPacket.Response response, boolean again) {
        LoginEvidence evidence = new LoginEvidence.Chap(method, response.identifier(), challenge, response.value(),
                response.name());
        return new AuthAction.Ask(new LoginQuestion(WireText.decode(response.name()), evidence, again));
    }

    /** The last response counts: a peer that sends several expects the proof for its last one. */
    private void rememberNext(ChapPacket.Response response, ChapPacket.Response awaited) {
        if (isOfSamePeer(response) && !isSame(response, awaited)) {
            next = response;
        }
    }

    /**
     * The reply may have been lost (RFC 1994 section 4.1), or the peer have answered a repeated challenge anew: with a
     * challenge of its own the proof that it waits for is another one (RFC 2759 section 8.7), and so are the keys.
     */
    private List<AuthAction> afterAdmission(ChapPacket.Response response) {
        if (response.identifier() != answered.identifier()) {
            return List.of();
        }
        if (repeated != null) {
            rememberNext(response, repeated);
            return List.of();
        }
        if (isSame(response, answered)) {
            return List.of(send(reply));
        }
        return isOfSamePeer(response) ? askAgain(response) : List.of();
    }

    private List<AuthAction> askAgain(ChapPacket.Response response) {
        if (repetitions == MOST_REPEATED) {
            return List.of();
        }
        repetitions++;
        repeated = response;
        return List.of(question(response, true));
    }

    private boolean isOfSamePeer(ChapPacket.Response response) {
        return response.identifier() == answered.identifier() && Arrays.equals(response.name(), answered.name());
    }

    private static boolean isSame(ChapPacket.Response one, ChapPacket.Response other) {
        return one.identifier() == other.identifier() && Arrays.equals(one.value(), other.value())
                && Arrays.equals(one.name(), other.name());
    }

    @Override
    public List<AuthAction> answered(LoginAnswer answer, long now) {
        if (state == State.DECIDING) {
            return switch (answer) {
                case LoginAnswer.Accepted accepted -> admit(accepted);
                case LoginAnswer.Rejected rejected -> reject(rejected, now);
                case LoginAnswer.Continued ignored -> reject(new LoginAnswer.Rejected(LoginFailure.NO_DECISION), now);
            };
        }
        return state == State.ADMITTED && repeated != null ? answeredAgain(answer) : List.of();
    }

    private List<AuthAction> admit(LoginAnswer.Accepted accepted) {
        state = State.ADMITTED;
        admitted = accepted;
        List<AuthAction> nextQuestion = askAboutNext();
        return nextQuestion.isEmpty() ? succeed(accepted.proof()) : nextQuestion;
    }

    private List<AuthAction> askAboutNext() {
        ChapPacket.Response later = next;
        next = null;
        return later == null ? List.of() : askAgain(later);
    }

    private List<AuthAction> answeredAgain(LoginAnswer answer) {
        ChapPacket.Response proven = repeated;
        repeated = null;
        List<AuthAction> nextQuestion = askAboutNext();
        if (!nextQuestion.isEmpty()) {
            return nextQuestion;
        }
        if (answer instanceof LoginAnswer.Accepted accepted && accepted.username().equals(admitted.username())) {
            answered = proven;
            return succeed(accepted.proof());
        }
        // Not the peer's, or a slip of the decider's: what let the peer in stands.
        return reply == null ? succeed(admitted.proof()) : List.of();
    }

    private List<AuthAction> succeed(LoginProof proof) {
        reply = new ChapPacket.Success(identifier, proof.message()).encode();
        return List.of(send(reply),
                new AuthAction.Succeeded(admitted.username(), method, proof.mppeKeys(), admitted.grant()));
    }

    private List<AuthAction> reject(LoginAnswer.Rejected rejected, long now) {
        LoginFailure reason = rejected.reason();
        next = null;
        if (retriesLeft == 0 || !rejected.allowsAnotherTry()) {
            return fail(rejected);
        }
        retriesLeft--;
        state = State.RETRYING;
        newChallenge();
        reply = new ChapPacket.Failure(identifier, failureMessage(rejected, true)).encode();
        timer.await(now, AuthenticatorSettings.RETRY_MILLIS);
        return List.of(send(reply), new AuthAction.Retrying(lastName, method, reason));
    }

    private List<AuthAction> fail(LoginAnswer.Rejected rejected) {
        LoginFailure reason = rejected.reason();
        state = State.REFUSED;
        AuthAction failed = new AuthAction.Failed(lastName, method, reason, reason.detail());
        if (reason.isUndecided()) {
            answered = null; // a Failure would tell the peer that its password is wrong
            return List.of(failed);
        }
        reply = new ChapPacket.Failure(identifier, failureMessage(rejected, false)).encode();
        return List.of(send(reply), failed);
    }

    private String failureMessage(LoginAnswer.Rejected rejected, boolean retry) {
        LoginFailure reason = rejected.reason();
        String text = rejected.message().orElse(reason.message());
        return method.yieldsMppeKeys() ? new MsChapFailure(rejected.error(), retry, challenge, text).encode() : text;
    }

    @Override
    public List<AuthAction> tick(long now) {
        if (!timer.isDue(now)) {
            return List.of();
        }
        if (timer.mayRetransmit(now)) {
            return List.of(send(challengePacket));
        }
        timer.stop();
        AuthAction failed = state == State.RETRYING
                ? new AuthAction.Failed(lastName, method, LoginFailure.BAD_CREDENTIALS,
                        "wrong password, and no other one within " + AuthenticatorSettings.RETRY_MILLIS / 1000 + " s")
                : new AuthAction.Failed("", method, LoginFailure.TIMEOUT,
                        "no answer to " + RetransmissionTimer.MAX_TRANSMISSIONS + " challenges");
        state = State.REFUSED;
        return List.of(failed);
    }

    @Override
    public long deadline() {
        return timer.deadline();
    }

    private AuthAction send(byte[] packet) {
        return new AuthAction.Send(method.protocol(), packet);
    }
}
