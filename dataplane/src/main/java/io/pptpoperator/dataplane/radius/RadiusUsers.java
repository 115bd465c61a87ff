package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.dataplane.session.Authority;
import io.pptpoperator.dataplane.session.LoginRequest;
import io.pptpoperator.dataplane.session.Verdict;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginEvidence;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginProof;
import io.pptpoperator.protocol.radius.AccessEvidence;
import io.pptpoperator.protocol.radius.AccessRequests;
import io.pptpoperator.protocol.radius.AttributeType;
import io.pptpoperator.protocol.radius.LoginReplies;
import io.pptpoperator.protocol.radius.LoginReply;
import io.pptpoperator.protocol.radius.RadiusAttribute;
import io.pptpoperator.protocol.radius.RadiusException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Decides logins by asking RADIUS servers. Of the control loop's thread. */
final class RadiusUsers implements Authority {
    /** What MS-CHAPv2's Success says behind the proof (RFC 2759 section 5). */
    private static final String WELCOME = " M=Login accepted";
    /** The flag of clients that take a Success for wrong which says more than the proof (Windows 98). */
    private static final int BARE = 4;
    private static final int MS_CHAP_VALUE = 49;
    private static final int CHAP_MD5_VALUE = 16;
    /** Of an attribute's value (RFC 2865 section 5.1). */
    private static final int LONGEST_NAME = 253;
    /** RFC 2865 section 5.2. */
    private static final int LONGEST_PASSWORD = 128;
    /** What FreeRADIUS waits by default before it rejects. */
    private static final long USUAL_REFUSAL = 1_000;
    private static final int WRONG_PASSWORD = 691;

    private final Asking client;
    private final Supplier<NasIdentity> nas;
    private final GrantedTerms terms;
    private final RadiusNotes notes;
    private final LongSupplier millis;
    private long lastRefusal = USUAL_REFUSAL;

    /**
     * @param nas how this PAC calls itself now
     * @param notes hears why a login could not be decided, or what of a reply was left out
     * @param millis a clock that only goes forward
     */
    RadiusUsers(Asking client, Supplier<NasIdentity> nas, GrantedTerms terms, RadiusNotes notes, LongSupplier millis) {
        this.client = client;
        this.nas = nas;
        this.terms = terms;
        this.notes = notes;
        this.millis = millis;
    }

    /** How many milliseconds the last refusal took: another authority's that comes sooner would tell it from these. */
    long lastRefusal() {
        return lastRefusal;
    }

    @Override
    public String name() {
        return "RADIUS";
    }

    @Override
    public void decide(LoginRequest request, Consumer<Verdict> verdict) {
        byte[] name = name(request);
        Optional<AccessEvidence> sent = evidence(request.question().evidence());
        if (sent.isEmpty() || !isName(name)) {
            // Not the method's form, or nothing that anybody is called: no server could verify it.
            verdict.accept(new Verdict.Rejected(LoginFailure.RADIUS_REJECTED));
            return;
        }
        AccessEvidence evidence = sent.get();
        long asked = millis.getAsLong();
        client.ask(Purpose.LOGIN, request.question().name().hashCode(),
                (identifier, random, authentication) -> AccessRequests.login(identifier, random, name, evidence,
                        nas.get().attributes(request.session(), request.peer(), request.local()), request.session(),
                        authentication),
                outcome -> {
                    Verdict found = switch (outcome) {
                        case RadiusClient.Outcome.Unanswered(String why) -> undecided(request, why);
                        case RadiusClient.Outcome.Answered answered -> read(answered, request, evidence);
                    };
                    if (found instanceof Verdict.Rejected rejected && !rejected.reason().isUndecided()) {
                        lastRefusal = millis.getAsLong() - asked;
                    }
                    verdict.accept(found);
                });
    }

    /** As the client sent it: MS-CHAPv2 hashes these bytes, whatever letters they may mean. */
    private static byte[] name(LoginRequest request) {
        return request.question().evidence() instanceof LoginEvidence.Chap chap
                ? chap.name()
                : request.question().name().getBytes(StandardCharsets.UTF_8);
    }

    /** Whether it can be somebody's name, which goes into logs and lists of sessions. */
    private static boolean isName(byte[] name) {
        for (byte letter : name) {
            if (letter >= 0 && letter < ' ' || letter == 0x7f) {
                return false;
            }
        }
        return name.length > 0 && name.length <= LONGEST_NAME;
    }

    private Verdict undecided(LoginRequest request, String why) {
        notes.undecided(request.peer(), why);
        return new Verdict.Rejected(LoginFailure.RADIUS_UNREACHABLE);
    }

    private Verdict read(RadiusClient.Outcome.Answered answered, LoginRequest request, AccessEvidence evidence) {
        RadiusServer server = answered.server();
        try {
            LoginReply reply = LoginReplies.read(answered.reply(), evidence, server.authentication(),
                    answered.request().authenticator());
            return switch (reply) {
                case LoginReply.Accepted accepted -> accepted(accepted, request, server);
                case LoginReply.Rejected rejected -> rejected(rejected);
                case LoginReply.Challenged challenged when evidence instanceof AccessEvidence.Eap ->
                    new Verdict.Continued(challenged.eap(),
                            challenged.state().stream().map(RadiusAttribute::value).toList());
                case LoginReply.Challenged ignored ->
                    undecided(request, server.name() + " asks back, which only EAP can answer");
            };
        } catch (RadiusException e) {
            return undecided(request, server.name() + ": " + e.getMessage());
        }
    }

    /** What a server says beside the number is for its own log, and may be more than a stranger should read. */
    private static Verdict rejected(LoginReply.Rejected reply) {
        if (reply.msChapError().orElse(WRONG_PASSWORD) == WRONG_PASSWORD) {
            return new Verdict.Rejected(LoginFailure.RADIUS_REJECTED);
        }
        int error = reply.msChapError().getAsInt();
        return new Verdict.Rejected(LoginFailure.RADIUS_REJECTED,
                Optional.of(LoginFailure.ofMsChapError(error).message()), OptionalInt.of(error));
    }

    private Verdict accepted(LoginReply.Accepted reply, LoginRequest request, RadiusServer server) {
        notes.ignored(server, reply.ignored());
        reply.unusable().forEach(it -> notes.unusable(server, it));
        AuthMethod method = request.question().method();
        if (method == AuthMethod.MSCHAPV2 && reply.success().isEmpty()) {
            return undecided(request,
                    server.name() + " accepted without MS-CHAP2-Success, and no client believes that");
        }
        String message = reply.success()
                .map(it -> wantsItBare(request.question().evidence()) ? it : it + WELCOME)
                .orElse(LoginProof.WELCOME.message());
        String user = reply.userName()
                .filter(it -> isName(it.getBytes(StandardCharsets.UTF_8)))
                .orElse(request.question().name());
        return new Verdict.Proven(user, new LoginProof(message, reply.keys()),
                terms.of(reply, it -> notes.unusable(server, it)), this);
    }

    private static boolean wantsItBare(LoginEvidence evidence) {
        return evidence instanceof LoginEvidence.Chap chap && chap.value().length == MS_CHAP_VALUE
                && chap.value()[MS_CHAP_VALUE - 1] == BARE;
    }

    private static Optional<AccessEvidence> evidence(LoginEvidence evidence) {
        return switch (evidence) {
            case LoginEvidence.Pap(byte[] password) ->
                password.length <= LONGEST_PASSWORD ? Optional.of(new AccessEvidence.Pap(password)) : Optional.empty();
            case LoginEvidence.Chap chap -> switch (chap.method()) {
                case MSCHAPV2 -> chap.value().length == MS_CHAP_VALUE
                        ? Optional.of(new AccessEvidence.MsChapV2(chap.identifier(), chap.challenge(), chap.value()))
                        : Optional.empty();
                case MSCHAPV1 -> chap.value().length == MS_CHAP_VALUE
                        ? Optional.of(new AccessEvidence.MsChapV1(chap.identifier(), chap.challenge(), chap.value()))
                        : Optional.empty();
                case CHAP_MD5 -> chap.value().length == CHAP_MD5_VALUE
                        ? Optional.of(new AccessEvidence.ChapMd5(chap.identifier(), chap.challenge(), chap.value()))
                        : Optional.empty();
                case PAP, EAP -> Optional.empty();
            };
            case LoginEvidence.Eap(byte[] packet, var conversation, int longest) ->
                Optional.of(new AccessEvidence.Eap(packet,
                        conversation.stream().map(it -> RadiusAttribute.of(AttributeType.STATE, it)).toList(),
                        longest));
        };
    }

    /** Nobody asks a RADIUS server again: it says by itself when somebody is no longer welcome (RFC 5176). */
    @Override
    public Optional<String> objection(String username, Ipv4Address source, Instant time) {
        return Optional.empty();
    }
}
