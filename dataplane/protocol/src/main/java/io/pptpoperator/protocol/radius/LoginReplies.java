package io.pptpoperator.protocol.radius;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.mppe.StartKeyDerivation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a server answers to a login. */
public final class LoginReplies {
    private static final int REQUIRED = 2;
    private static final int SHORT_KEYS = 0x2;
    private static final int LONG_KEYS = 0x4;

    /** MS-CHAP-Error: an identifier, then {@code E=691 R=1 …}. */
    private static final Pattern ERROR = Pattern.compile("(?s).{0,1}E=(\\d{1,6})\\b.*");
    /** MS-CHAP2-Success: an identifier, then the proof; more may follow. */
    private static final Pattern SUCCESS = Pattern.compile("(?s).(S=[0-9A-Fa-f]{40}).*");

    private LoginReplies() {}

    /**
     * Reads a reply.
     *
     * @param evidence what was asked with
     * @throws RadiusException when it accepts with keys that cannot be, or is no reply to a login
     */
    public static LoginReply read(RadiusPacket reply, AccessEvidence evidence, PacketAuthentication authentication,
            byte[] requestAuthenticator) throws RadiusException {
        return switch (reply.code()) {
            case ACCESS_ACCEPT -> accepted(reply, evidence, authentication, requestAuthenticator);
            case ACCESS_REJECT -> {
                Optional<Matcher> error = reply.first(AttributeType.MS_CHAP_ERROR)
                        .map(it -> ERROR.matcher(RadiusPacket.text(it.bytes())))
                        .filter(Matcher::matches);
                yield new LoginReply.Rejected(
                        error.isPresent()
                                ? OptionalInt.of(Integer.parseInt(error.get().group(1)))
                                : OptionalInt.empty(),
                        reply.joined(AttributeType.EAP_MESSAGE), reply.text(AttributeType.REPLY_MESSAGE));
            }
            case ACCESS_CHALLENGE -> new LoginReply.Challenged(reply.joined(AttributeType.EAP_MESSAGE),
                    reply.all(AttributeType.STATE), reply.number(AttributeType.SESSION_TIMEOUT));
            default -> throw new RadiusException(reply.code() + " is no reply to a login");
        };
    }

    private static LoginReply.Accepted accepted(RadiusPacket reply, AccessEvidence evidence,
            PacketAuthentication authentication, byte[] requestAuthenticator) throws RadiusException {
        var unusable = new ArrayList<String>();
        Grants grants = Grants.of(reply, unusable);
        Optional<String> success = reply.first(AttributeType.MS_CHAP2_SUCCESS)
                .map(it -> SUCCESS.matcher(RadiusPacket.text(it.bytes())))
                .filter(Matcher::matches)
                .map(it -> it.group(1));
        return new LoginReply.Accepted(reply.text(AttributeType.USER_NAME).filter(it -> !it.isEmpty()), grants,
                keys(reply, evidence, authentication, requestAuthenticator), encryption(reply), success,
                reply.joined(AttributeType.EAP_MESSAGE), reply.text(AttributeType.REPLY_MESSAGE), ignored(reply),
                List.copyOf(unusable));
    }

    private static List<String> ignored(RadiusPacket reply) {
        return reply.attributes()
                .stream()
                .filter(it -> AttributeType.of(it.vendor(), it.number()).isEmpty())
                .map(RadiusAttribute::name)
                .distinct()
                .toList();
    }

    private static LoginReply.EncryptionTerms encryption(RadiusPacket reply) {
        OptionalLong types = reply.number(AttributeType.MS_MPPE_ENCRYPTION_TYPES);
        var bits = new HashSet<Integer>();
        if ((types.orElse(0) & SHORT_KEYS) != 0) {
            bits.add(40);
        }
        if ((types.orElse(0) & LONG_KEYS) != 0) {
            bits.add(128);
        }
        return new LoginReply.EncryptionTerms(
                reply.number(AttributeType.MS_MPPE_ENCRYPTION_POLICY).orElse(0) == REQUIRED, Set.copyOf(bits));
    }

    private static Optional<MppeStartKeys> keys(RadiusPacket reply, AccessEvidence evidence,
            PacketAuthentication authentication, byte[] requestAuthenticator) throws RadiusException {
        Optional<RadiusAttribute> send = reply.first(AttributeType.MS_MPPE_SEND_KEY);
        Optional<RadiusAttribute> receive = reply.first(AttributeType.MS_MPPE_RECV_KEY);
        if (send.isPresent() != receive.isPresent()) {
            throw new RadiusException("there is only one of MS-MPPE-Send-Key and MS-MPPE-Recv-Key");
        }
        if (send.isPresent()) {
            byte[] sending = startKey(send.get(), authentication, requestAuthenticator);
            byte[] receiving = startKey(receive.get(), authentication, requestAuthenticator);
            return Optional
                    .of(new MppeStartKeys(sending, receiving, Arrays.copyOf(sending, 8), Arrays.copyOf(receiving, 8)));
        }
        Optional<RadiusAttribute> v1 = reply.first(AttributeType.MS_CHAP_MPPE_KEYS);
        if (v1.isPresent() && evidence instanceof AccessEvidence.MsChapV1 login) {
            if (v1.get().length() != 32) {
                throw new RadiusException("MS-CHAP-MPPE-Keys has 32 bytes, not " + v1.get().length());
            }
            byte[] clear = HiddenValues.revealBlocks(v1.get().bytes(), authentication.secret(), requestAuthenticator);
            byte[] lm = Arrays.copyOf(clear, 8);
            return Optional.of(StartKeyDerivation.msChapV1(Arrays.copyOfRange(clear, 8, 24), login.challenge(),
                    Arrays.equals(lm, new byte[8]) ? null : lm));
        }
        return Optional.empty();
    }

    /** A longer key is cut (RFC 3079 section 4); what is shorter than 128 bits starts nothing. */
    private static byte[] startKey(RadiusAttribute attribute, PacketAuthentication authentication,
            byte[] requestAuthenticator) throws RadiusException {
        byte[] key = HiddenValues.revealKey(attribute.bytes(), authentication.secret(), requestAuthenticator);
        if (key.length < 16) {
            throw new RadiusException(attribute.name() + " has " + key.length + " bytes; 16 or more would be right");
        }
        return Arrays.copyOf(key, 16);
    }
}
