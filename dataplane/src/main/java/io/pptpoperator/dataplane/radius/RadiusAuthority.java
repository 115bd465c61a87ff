package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.dataplane.session.Authority;
import io.pptpoperator.dataplane.session.LoginRequest;
import io.pptpoperator.dataplane.session.Terms;
import io.pptpoperator.dataplane.session.Verdict;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginEvidence;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginProof;
import io.pptpoperator.protocol.radius.AccessEvidence;
import io.pptpoperator.protocol.radius.AccessRequests;
import io.pptpoperator.protocol.radius.LoginReplies;
import io.pptpoperator.protocol.radius.LoginReply;
import io.pptpoperator.protocol.radius.RadiusException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Decides logins by asking RADIUS servers. Of the control loop's thread. */
public final class RadiusAuthority implements Authority {
    /** What MS-CHAPv2's Success says behind the proof (RFC 2759 section 5). */
    private static final String WELCOME = " M=Login accepted";
    /** The flag of clients that take a Success for wrong which says more than the proof (Windows 98). */
    private static final int BARE = 4;

    private final RadiusClient client;
    private final NasIdentity nas;
    private final GrantedTerms terms;
    private final Consumer<String> notes;

    /**
     * Asks these servers.
     *
     * @param notes is told sentences for the log: why a login could not be decided, or what of a reply was left out
     */
    public RadiusAuthority(RadiusClient client, NasIdentity nas, GrantedTerms terms, Consumer<String> notes) {
        this.client = client;
        this.nas = nas;
        this.terms = terms;
        this.notes = notes;
    }

    @Override
    public void decide(LoginRequest request, Consumer<Verdict> verdict) {
        String name = request.question().name();
        Optional<AccessEvidence> sent = evidence(request.question().evidence());
        if (sent.isEmpty()) {
            // Not the method's form: no server could verify it.
            verdict.accept(new Verdict.Rejected(LoginFailure.BAD_CREDENTIALS));
            return;
        }
        AccessEvidence evidence = sent.get();
        client.ask(Purpose.LOGIN, name.hashCode(),
                (identifier, random, authentication) -> AccessRequests.login(identifier, random, name, evidence,
                        nas.attributes(request.session(), request.peer(), request.local()),
                        nas.sessionId(request.session()), authentication),
                outcome -> verdict.accept(switch (outcome) {
                    case RadiusClient.Outcome.Unanswered(String why) -> undecided(name, why);
                    case RadiusClient.Outcome.Answered answered -> read(answered, request, evidence);
                }));
    }

    private Verdict undecided(String name, String why) {
        notes.accept("the login of " + name + " could not be decided: " + why);
        return new Verdict.Rejected(LoginFailure.NO_DECISION);
    }

    private Verdict read(RadiusClient.Outcome.Answered answered, LoginRequest request, AccessEvidence evidence) {
        String name = request.question().name();
        try {
            LoginReply reply = LoginReplies.read(answered.reply(), evidence, answered.server().authentication(),
                    answered.request().authenticator());
            return switch (reply) {
                case LoginReply.Accepted accepted -> accepted(accepted, request, answered.server());
                case LoginReply.Rejected rejected -> new Verdict.Rejected(rejected.msChapError().isPresent()
                        ? LoginFailure.ofMsChapError(rejected.msChapError().getAsInt())
                        : LoginFailure.BAD_CREDENTIALS);
                case LoginReply.Challenged ignored ->
                    undecided(name, answered.server().name() + " asks back, which only EAP can answer");
            };
        } catch (RadiusException e) {
            return undecided(name, answered.server().name() + ": " + e.getMessage());
        }
    }

    private Verdict accepted(LoginReply.Accepted reply, LoginRequest request, RadiusServer server) {
        String name = request.question().name();
        reply.unusable().forEach(it -> notes.accept(server.name() + " sent what cannot be used: " + it));
        if (!reply.ignored().isEmpty()) {
            notes.accept(server.name() + " sent what has no meaning here: " + String.join(", ", reply.ignored()));
        }
        if (request.question().method() == AuthMethod.MSCHAPV2 && reply.success().isEmpty()) {
            return undecided(name, server.name() + " accepted without MS-CHAP2-Success, and no client believes that");
        }
        Terms granted = terms.of(reply, notes);
        String message = reply.success()
                .map(it -> wantsItBare(request.question().evidence()) ? it : it + WELCOME)
                .orElse(LoginProof.WELCOME.message());
        return new Verdict.Proven(name, new LoginProof(message, reply.keys()), granted, this);
    }

    private static boolean wantsItBare(LoginEvidence evidence) {
        return evidence instanceof LoginEvidence.Chap chap && chap.value().length == 49 && chap.value()[48] == BARE;
    }

    private static Optional<AccessEvidence> evidence(LoginEvidence evidence) {
        return switch (evidence) {
            case LoginEvidence.Pap pap when pap.password().length <= AccessEvidence.LONGEST_PASSWORD ->
                Optional.of(new AccessEvidence.Pap(pap.password()));
            case LoginEvidence.Pap ignored -> Optional.empty();
            case LoginEvidence.Chap chap -> switch (chap.method()) {
                case MSCHAPV2 -> chap.value().length == 49
                        ? Optional.of(new AccessEvidence.MsChapV2(chap.identifier(), chap.challenge(), chap.value()))
                        : Optional.empty();
                case MSCHAPV1 -> chap.value().length == 49
                        ? Optional.of(new AccessEvidence.MsChapV1(chap.identifier(), chap.challenge(), chap.value()))
                        : Optional.empty();
                case CHAP_MD5 -> chap.value().length == 16
                        ? Optional.of(new AccessEvidence.ChapMd5(chap.identifier(), chap.challenge(), chap.value()))
                        : Optional.empty();
                case PAP -> Optional.empty();
            };
        };
    }

    /** Nobody asks a RADIUS server again: it says by itself when somebody is no longer welcome (RFC 5176). */
    @Override
    public Optional<String> objection(String username, Ipv4Address source, Instant time) {
        return Optional.empty();
    }
}
