package io.pptpoperator.protocol.radius;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a peer proved itself with, for a server to judge. */
public sealed interface AccessEvidence {

    /** Bytes of a challenge that go with a response that has a place for the identifier. */
    private static void check(String what, byte[] bytes, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(what + " has " + length + " bytes, not " + bytes.length);
        }
    }

    /** PAP's password, as the peer sent it. Its bytes are not copied. */
    record Pap(byte[] password) implements AccessEvidence {
        @Override
        public String toString() {
            return "Pap";
        }
    }

    /** CHAP's answer (RFC 1994): 16 bytes of MD5. */
    record ChapMd5(int identifier, byte[] challenge, byte[] response) implements AccessEvidence {
        /** Checks the length. */
        public ChapMd5 {
            check("a CHAP response", response, 16);
        }

        @Override
        public String toString() {
            return "ChapMd5";
        }
    }

    /** MS-CHAPv1's answer (RFC 2433 section 4): LM response, NT response, flag. */
    record MsChapV1(int identifier, byte[] challenge, byte[] response) implements AccessEvidence {
        /** Checks the lengths. */
        public MsChapV1 {
            check("an MS-CHAP challenge", challenge, 8);
            check("an MS-CHAP response", response, 49);
        }

        @Override
        public String toString() {
            return "MsChapV1";
        }
    }

    /** MS-CHAPv2's answer (RFC 2759 section 4): peer challenge, reserved, NT response, flags. */
    record MsChapV2(int identifier, byte[] challenge, byte[] response) implements AccessEvidence {
        /** Checks the lengths. */
        public MsChapV2 {
            check("an MS-CHAPv2 challenge", challenge, 16);
            check("an MS-CHAPv2 response", response, 49);
        }

        @Override
        public String toString() {
            return "MsChapV2";
        }
    }

    /**
     * An EAP packet of the peer.
     *
     * @param state the State that the server's challenge had, or none
     * @param longest bytes that an EAP packet may have to go through the peer's link, which a server cuts its own by
     *     (RFC 3579 section 2.4)
     */
    record Eap(byte[] packet, List<RadiusAttribute> state, int longest) implements AccessEvidence {
        @Override
        public String toString() {
            return "Eap";
        }
    }

    /**
     * The attributes that carry it.
     *
     * @param authentication knows the secret that hides a password
     * @param requestAuthenticator the request's 16 random bytes
     */
    default List<RadiusAttribute> attributes(PacketAuthentication authentication, byte[] requestAuthenticator) {
        return switch (this) {
            case Pap pap -> List.of(RadiusAttribute.of(AttributeType.USER_PASSWORD,
                    HiddenValues.hidePassword(pap.password, authentication.secret(), requestAuthenticator)));
            case ChapMd5 chap -> List.of(
                    RadiusAttribute.of(AttributeType.CHAP_PASSWORD,
                            HiddenValues.join(new byte[]{(byte) chap.identifier}, chap.response)),
                    RadiusAttribute.of(AttributeType.CHAP_CHALLENGE, chap.challenge));
            case MsChapV1 v1 -> List.of(RadiusAttribute.of(AttributeType.MS_CHAP_CHALLENGE, v1.challenge),
                    // Ident, Flags (1: use the NT response), LM response, NT response: RFC 2548 section 2.1.3.
                    RadiusAttribute.of(AttributeType.MS_CHAP_RESPONSE, HiddenValues
                            .join(new byte[]{(byte) v1.identifier, v1.response[48]}, Arrays.copyOf(v1.response, 48))));
            case MsChapV2 v2 -> List.of(RadiusAttribute.of(AttributeType.MS_CHAP_CHALLENGE, v2.challenge),
                    // Ident, Flags (0), and the rest in PPP's order: RFC 2548 section 2.3.2.
                    RadiusAttribute.of(AttributeType.MS_CHAP2_RESPONSE,
                            HiddenValues.join(new byte[]{(byte) v2.identifier, 0}, Arrays.copyOf(v2.response, 48))));
            case Eap eap -> {
                var attributes = new ArrayList<RadiusAttribute>();
                for (int at = 0; at < eap.packet.length; at += RadiusAttribute.LONGEST) {
                    attributes.add(RadiusAttribute.of(AttributeType.EAP_MESSAGE, Arrays.copyOfRange(eap.packet, at,
                            Math.min(eap.packet.length, at + RadiusAttribute.LONGEST))));
                }
                attributes.addAll(eap.state);
                attributes.add(RadiusAttribute.of(AttributeType.FRAMED_MTU, eap.longest));
                yield attributes;
            }
        };
    }
}
