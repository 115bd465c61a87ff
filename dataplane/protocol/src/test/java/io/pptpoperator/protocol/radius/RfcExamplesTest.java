package io.pptpoperator.protocol.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The packets of RFC 2865 section 7. */
class RfcExamplesTest {
    private static final PacketAuthentication XYZZY = new PacketAuthentication(
            "xyzzy5461".getBytes(StandardCharsets.US_ASCII));
    private static final String PAP = "01 00 00 38 0f 40 3f 94 73 97 80 57 bd 83 d5 cb 98 f4 22 7a 01 06 6e 65 6d 6f"
            + " 02 12 0d be 70 8d 93 d4 13 ce 31 96 e4 3f 78 2a 0a ee 04 06 c0 a8 01 10 05 06 00 00 00 03";
    private static final String PAP_ACCEPT = "02 00 00 26 86 fe 22 0e 76 24 ba 2a 10 05 f6 bf 9b 55 e0 b2"
            + " 06 06 00 00 00 01 0f 06 00 00 00 00 0e 06 c0 a8 01 03";
    private static final String CHAP = "01 01 00 47 2a ee 86 f0 8d 0d 55 96 9c a5 97 8e 0d 33 67 a2 01 08 66 6c 6f 70"
            + " 73 79 03 13 16 e9 75 57 c3 16 18 58 95 f2 93 ff 63 44 07 72 75 04 06 c0 a8 01 10 05 06 00 00 00 14"
            + " 06 06 00 00 00 02 07 06 00 00 00 01";
    private static final String CHAP_ACCEPT = "02 01 00 38 15 ef bc 7d ab 26 cf a3 dc 34 d9 c0 3c 86 01 a4"
            + " 06 06 00 00 00 02 07 06 00 00 00 01 08 06 ff ff ff fe 0a 06 00 00 00 00 0d 06 00 00 00 01"
            + " 0c 06 00 00 05 dc";

    private static byte[] hex(String text) {
        return HexFormat.ofDelimiter(" ").parseHex(text);
    }

    @Test
    void aPasswordIsHiddenAsInTheExample() throws RadiusException {
        RadiusPacket request = RadiusPacket.decode(hex(PAP));

        assertThat(request.text(AttributeType.USER_NAME)).hasValue("nemo");
        assertThat(request.number(AttributeType.NAS_PORT)).hasValue(3);
        assertThat(new AccessEvidence.Pap("arctangent".getBytes(StandardCharsets.US_ASCII)).attributes(XYZZY,
                request.authenticator())).containsExactly(request.first(AttributeType.USER_PASSWORD).orElseThrow());
        assertThat(request.encode()).isEqualTo(hex(PAP));
    }

    @Test
    void theReplyOfTheExampleIsBelievedWhereNoMessageAuthenticatorIsDemanded() throws RadiusException {
        RadiusPacket request = RadiusPacket.decode(hex(PAP));

        RadiusPacket reply = XYZZY.readReply(hex(PAP_ACCEPT), request, request.authenticator(),
                PacketAuthentication.Demand.RESPONSE_AUTHENTICATOR);

        assertThat(reply.code()).isEqualTo(RadiusCode.ACCESS_ACCEPT);
    }

    @Test
    void aChapPasswordIsTheIdentifierAndTheResponse() throws RadiusException {
        RadiusPacket request = RadiusPacket.decode(hex(CHAP));
        byte[] password = request.first(AttributeType.CHAP_PASSWORD).orElseThrow().value();

        assertThat(new AccessEvidence.ChapMd5(password[0], request.authenticator(), Arrays.copyOfRange(password, 1, 17))
                .attributes(XYZZY, request.authenticator())
                .getFirst()
                .value()).isEqualTo(password);
    }

    @Test
    void theAddressThatTheAccessServerChoosesIsNone() throws RadiusException {
        RadiusPacket accept = RadiusPacket.decode(hex(CHAP_ACCEPT));
        Grants grants = Grants.of(accept, new ArrayList<>());

        assertThat(accept.first(AttributeType.FRAMED_IP_ADDRESS)).isPresent();
        assertThat(grants.address()).isEmpty();
        assertThat(grants.mtu()).hasValue(1500);
        assertThat(Grants
                .of(RadiusPacket.decode(hex(CHAP_ACCEPT.replace("ff ff ff fe", "0a 08 00 09"))), new ArrayList<>())
                .address()).hasValue(Ipv4Address.parse("10.8.0.9"));
    }
}
