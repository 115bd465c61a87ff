package io.pptpoperator.operator.roster;

import io.pptpoperator.crds.RateLimit;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserSpec;
import io.pptpoperator.dataplane.config.ConfigCheck;
import io.pptpoperator.dataplane.config.FieldProblem;
import io.pptpoperator.dataplane.config.ProfileConfig;
import io.pptpoperator.dataplane.config.RateSettings;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.config.setting.DurationText;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.UserVerdict.Reason;
import io.pptpoperator.operator.roster.UserVerdict.Rejected;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import io.pptpoperator.protocol.rate.BitRate;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges the users of one server, one after the other; what one has, the next ones cannot have. */
final class UserJudge {

    private static final Logger LOG = LoggerFactory.getLogger(UserJudge.class);

    private final SecretLookup secrets;
    private final PasswordMemory memory;
    private final ServerTerms terms;
    private final Map<String, ObjectKey> usernames = new HashMap<>();
    private final AddressClaims claims = new AddressClaims();

    UserJudge(ServerTerms terms, SecretLookup secrets, PasswordMemory memory) {
        this.memory = memory;
        this.terms = terms;
        this.secrets = secrets;
    }

    UserVerdict verdict(VpnUser user) {
        if (!user.isReadable()) {
            return new Rejected(Reason.InvalidSpec, user.whyUnreadable());
        }
        try {
            UserConfig config = config(user);
            claim(user, config);
            return new UserVerdict.Accepted(config);
        } catch (RejectedException e) {
            return e.verdict;
        } catch (RuntimeException e) {
            // Whatever it is about this user, the others are served.
            LOG.error("VpnUser {} cannot be judged", ObjectKey.of(user), e);
            return new Rejected(Reason.InvalidSpec,
                    "the operator cannot make anything of this VpnUser, and its log says more: " + e);
        }
    }

    private UserConfig config(VpnUser user) throws RejectedException {
        VpnUserSpec spec = user.getSpec();
        UserConfig config;
        Optional<Rejected> withoutProfile = terms.profiles().refusal(user);
        if (withoutProfile.isPresent()) {
            throw new RejectedException(withoutProfile.get().reason(), withoutProfile.get().message());
        }
        Optional<ProfileConfig> profile = terms.profiles().of(user);
        Credentials credentials = known(user);
        try {
            config = new UserConfig(user.username(), credentials, !Boolean.FALSE.equals(spec.enabled()),
                    Optional.ofNullable(spec.validUntil()), Optional.ofNullable(spec.address()).map(Ipv4Address::parse),
                    spec.allowedSources().stream().map(Ipv4Prefix::parse).toList(),
                    spec.routes().stream().map(Ipv4Prefix::parse).toList(),
                    spec.maxSessions() == null ? OptionalInt.empty() : OptionalInt.of(spec.maxSessions()),
                    Optional.ofNullable(spec.rateLimit())
                            .map(UserJudge::rate)
                            .map(own -> profile.flatMap(ProfileConfig::rateLimit).map(own::lower).orElse(own)),
                    profile.map(ProfileConfig::name), false);
        } catch (IllegalArgumentException e) {
            throw new RejectedException(Reason.InvalidSpec, e.getMessage());
        }
        if (config.address().isPresent() && config.address().get().toString().equals(terms.localIP())) {
            throw new RejectedException(Reason.AddressIsServers,
                    "address " + terms.localIP() + " is the server's localIP");
        }
        for (FieldProblem problem : ConfigCheck.users(List.of(config))) {
            String field = problem.field().substring(problem.field().indexOf('.') + 1);
            throw new RejectedException(field.equals("password") ? Reason.InvalidPassword : Reason.InvalidSpec,
                    field + ": " + problem.message());
        }
        checkRights(config);
        return config;
    }

    private static RateSettings rate(RateLimit limit) {
        if (limit.upload() == null && limit.download() == null) {
            throw new IllegalArgumentException("rateLimit needs upload, download or both");
        }
        return new RateSettings(Optional.ofNullable(limit.upload()).map(BitRate::parse),
                Optional.ofNullable(limit.download()).map(BitRate::parse),
                limit.burst() == null ? RateSettings.USUAL_BURST : DurationText.parse(limit.burst()));
    }

    private void checkRights(UserConfig config) throws RejectedException {
        Optional<String> address = config.address().flatMap(terms.rights()::refusal);
        if (address.isPresent()) {
            throw new RejectedException(Reason.AddressNotAllowed, address.get());
        }
        for (Ipv4Prefix route : config.routes()) {
            Optional<String> refusal = terms.rights().refusal(route);
            if (refusal.isPresent()) {
                throw new RejectedException(Reason.RouteNotAllowed, refusal.get());
            }
        }
    }

    /** Takes the user's name, address and routes, all or none. */
    private void claim(VpnUser user, UserConfig config) throws RejectedException {
        ObjectKey key = ObjectKey.of(user);
        ObjectKey sameName = usernames.get(config.username());
        if (sameName != null) {
            throw new RejectedException(Reason.DuplicateUsername,
                    "username " + config.username() + " is taken by " + described(key, sameName));
        }
        Optional<String> address = config.address().flatMap(it -> claims.conflict(key, it));
        if (address.isPresent()) {
            throw new RejectedException(Reason.DuplicateAddress, address.get());
        }
        for (Ipv4Prefix route : config.routes()) {
            Optional<String> conflict = claims.conflict(key, route);
            if (conflict.isPresent()) {
                throw new RejectedException(Reason.DuplicateRoute, conflict.get());
            }
        }
        usernames.put(config.username(), key);
        claims.add(key, config.address(), config.routes());
    }

    /** What one user may be told of another who has what it wants: of one in another namespace, no more than that. */
    static String described(ObjectKey toWhom, ObjectKey other) {
        return toWhom.namespace().equals(other.namespace())
                ? "the older VpnUser " + other
                : "an older VpnUser of another namespace";
    }

    /** The user's credentials, or those of a moment ago while its Secret is away. */
    private Credentials known(VpnUser user) throws RejectedException {
        try {
            return credentials(user);
        } catch (RejectedException e) {
            boolean away = switch (e.verdict.reason()) {
                case SecretNotFound, SecretKeyNotFound, PasswordNotGenerated -> true;
                default -> false;
            };
            return (away ? memory.of(user) : Optional.<Credentials>empty()).orElseThrow(() -> e);
        }
    }

    private Credentials credentials(VpnUser user) throws RejectedException {
        VpnUserSpec spec = user.getSpec();
        if (spec.ntHash() != null) {
            if (!terms.ntHashesWork()) {
                throw new RejectedException(Reason.PasswordNeeded,
                        "the server's authentication methods need the password itself; ntHash is not enough");
            }
            String hash = value(user, spec.ntHash().secretKeyRef()).strip();
            if (!hash.matches("[0-9a-fA-F]{32}")) {
                throw new RejectedException(Reason.InvalidNtHash,
                        describe(spec.ntHash().secretKeyRef()) + " is not an NT hash of 32 hexadecimal digits");
            }
            return new Credentials.NtHash(HexFormat.of().parseHex(hash));
        }
        String password = spec.password() == null
                ? generatedPassword(user)
                : value(user, spec.password().secretKeyRef());
        var checked = UserConfig.withDefaults("user", new Credentials.Password(password));
        for (FieldProblem problem : ConfigCheck.users(List.of(checked))) {
            throw new RejectedException(Reason.InvalidPassword, "password: " + problem.message());
        }
        return terms.ntHashesSuffice() ? NtHash.of(password) : new Credentials.Password(password);
    }

    private String generatedPassword(VpnUser user) throws RejectedException {
        if (!GeneratedPassword.isPossible(user)) {
            throw new RejectedException(Reason.InvalidSpec,
                    "no password can be generated: the name of its Secret, this VpnUser's with -vpn behind it, would"
                            + " be longer than 253 characters; a shorter name, password or ntHash would be right");
        }
        try {
            return value(user, GeneratedPassword.source(user).secretKeyRef());
        } catch (RejectedException e) {
            throw new RejectedException(Reason.PasswordNotGenerated,
                    "the operator has not generated the password yet; a Secret of somebody else's that is in its"
                            + " place has to be marked: "
                            + PasswordMark.command(new ObjectKey(user.getMetadata().getNamespace(),
                                    GeneratedPassword.secretName(user))));
        }
    }

    private String value(VpnUser user, VpnUserSpec.SecretKey reference) throws RejectedException {
        var key = new ObjectKey(user.getMetadata().getNamespace(), reference.name());
        Map<String, String> data = secrets.data(key)
                .orElseThrow(() -> new RejectedException(Reason.SecretNotFound,
                        "there is no Secret " + reference.name() + " in namespace " + key.namespace()
                                + " with the label " + PasswordMark.LABEL + "=" + PasswordMark.VALUE
                                + ", without which none is read; to mark one: " + PasswordMark.command(key)));
        String encoded = data.get(reference.key());
        if (encoded == null) {
            throw new RejectedException(Reason.SecretKeyNotFound,
                    "Secret " + reference.name() + " has no key " + reference.key());
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded);
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            // What kubectl create secret --from-file reads ends with a line feed; a password cannot.
            return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new RejectedException(Reason.InvalidPassword, describe(reference) + " is not UTF-8 text");
        }
    }

    private static String describe(VpnUserSpec.SecretKey reference) {
        return "key " + reference.key() + " of Secret " + reference.name();
    }

    /** Leaves the judging of one user. */
    private static final class RejectedException extends Exception {

        private final transient Rejected verdict;

        RejectedException(Reason reason, String message) {
            super(message, null, false, false);
            verdict = new Rejected(reason, message);
        }
    }
}
