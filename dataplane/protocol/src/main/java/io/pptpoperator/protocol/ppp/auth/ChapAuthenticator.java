package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The server's side of CHAP with MD5, MS-CHAPv1 and MS-CHAPv2. */
final class ChapAuthenticator implements AuthExchange {
    private enum State {
        INITIAL, CHALLENGING, RETRYING, FINISHED
    }

    private final ChapVerifier verifier;
    private final AuthenticatorSettings settings;
    private final UserLookup users;
    private final SecureRandom random;
    private final RetransmissionTimer timer = new RetransmissionTimer();
    private State state = State.INITIAL;
    private byte[] challenge;
    private byte[] challengePacket;
    /** Of the challenge sent, and after that of the response answered. */
    private int identifier;
    private int retriesLeft;
    private String lastName = "";
    private ChapPacket.Response answered;
    private byte[] reply;
    /** Who has logged in, or null. */
    private LoginPolicy.Account admitted;

    ChapAuthenticator(ChapVerifier verifier, AuthenticatorSettings settings, LoginPolicy policy, SecureRandom random) {
        this.verifier = verifier;
        this.settings = settings;
        this.random = random;
        users = new UserLookup(policy, verifier.method(), random);
        retriesLeft = verifier.method().yieldsMppeKeys() ? settings.retries() : 0;
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
        challenge = new byte[verifier.challengeLength()];
        random.nextBytes(challenge);
    }

    @Override
    public List<AuthAction> receive(byte[] packet, long now) {
        if (!(ChapPacket.tryDecode(packet).orElse(null) instanceof ChapPacket.Response response)) {
            return List.of();
        }
        return switch (state) {
            case INITIAL -> List.of();
            case CHALLENGING -> response.identifier() == identifier ? answer(response, now) : List.of();
            case RETRYING -> {
                if (repeatsAnswered(response)) {
                    yield List.of(send(reply));
                }
                // RFC 2759 section 9.1 counts the identifier up for another try; not every peer does.
                boolean expected = response.identifier() == identifier
                        || response.identifier() == (identifier + 1 & 0xff);
                yield expected ? answer(response, now) : List.of();
            }
            case FINISHED ->
                answered != null && response.identifier() == answered.identifier() ? answerAgain(response) : List.of();
        };
    }

    /**
     * The reply may have been lost (RFC 1994 section 4.1), or the peer have answered a repeated challenge anew: with a
     * challenge of its own the proof that it waits for is another one (RFC 2759 section 8.7), and so are the keys.
     */
    private List<AuthAction> answerAgain(ChapPacket.Response response) {
        if (admitted == null || repeatsAnswered(response)) {
            return List.of(send(reply));
        }
        if (!Arrays.equals(response.name(), answered.name())) {
            return List.of();
        }
        return verifier.verify(challenge, response, admitted.credentials()).map(proof -> {
            answered = response;
            return succeed(proof);
        }).orElse(List.of());
    }

    private boolean repeatsAnswered(ChapPacket.Response response) {
        return response.identifier() == answered.identifier() && Arrays.equals(response.value(), answered.value())
                && Arrays.equals(response.name(), answered.name());
    }

    private List<AuthAction> answer(ChapPacket.Response response, long now) {
        timer.stop();
        answered = response;
        identifier = response.identifier();
        String name = WireText.decode(response.name());
        lastName = WireText.printable(name);
        UserLookup.User user = users.find(name);
        Optional<ChapVerifier.Proof> proof = verifier.verify(challenge, response, user.credentials());
        if (proof.isEmpty() || user.account().isEmpty()) {
            return wrong(user.failure(), now);
        }
        LoginPolicy.Account account = user.account().get();
        return switch (users.admit(account)) {
            case LoginPolicy.Admission.Admitted() -> {
                state = State.FINISHED;
                admitted = account;
                yield succeed(proof.get());
            }
            case LoginPolicy.Admission.Refused(LoginFailure reason) -> fail(reason);
        };
    }

    private List<AuthAction> succeed(ChapVerifier.Proof proof) {
        reply = new ChapPacket.Success(identifier, proof.successMessage()).encode();
        return List.of(send(reply), new AuthAction.Succeeded(admitted.username(), verifier.method(), proof.mppeKeys()));
    }

    private List<AuthAction> wrong(LoginFailure reason, long now) {
        if (retriesLeft == 0 || reason != LoginFailure.BAD_CREDENTIALS) {
            return fail(reason);
        }
        retriesLeft--;
        state = State.RETRYING;
        newChallenge();
        reply = new ChapPacket.Failure(identifier, failureMessage(reason, true)).encode();
        timer.await(now, AuthenticatorSettings.RETRY_MILLIS);
        return List.of(send(reply), new AuthAction.Retrying(lastName, verifier.method(), reason));
    }

    private List<AuthAction> fail(LoginFailure reason) {
        state = State.FINISHED;
        reply = new ChapPacket.Failure(identifier, failureMessage(reason, false)).encode();
        return List.of(send(reply), new AuthAction.Failed(lastName, verifier.method(), reason, reason.detail()));
    }

    private String failureMessage(LoginFailure reason, boolean retry) {
        return verifier.method().yieldsMppeKeys()
                ? new MsChapFailure(reason.msChapError(), retry, challenge, reason.message()).encode()
                : reason.message();
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
                ? new AuthAction.Failed(lastName, verifier.method(), LoginFailure.BAD_CREDENTIALS,
                        "wrong password, and no other one within " + AuthenticatorSettings.RETRY_MILLIS / 1000 + " s")
                : new AuthAction.Failed("", verifier.method(), LoginFailure.TIMEOUT,
                        "no answer to " + RetransmissionTimer.MAX_TRANSMISSIONS + " challenges");
        state = State.FINISHED;
        return List.of(failed);
    }

    @Override
    public long deadline() {
        return timer.deadline();
    }

    private AuthAction send(byte[] packet) {
        return new AuthAction.Send(verifier.method().protocol(), packet);
    }
}
