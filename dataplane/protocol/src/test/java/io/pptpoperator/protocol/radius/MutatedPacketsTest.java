package io.pptpoperator.protocol.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.radius.PacketAuthentication.Demand;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Packets that somebody on the way has changed: none is believed, none does any harm, and the good one that follows is
 * taken. How many, says the system property {@code radius.mutations}.
 */
class MutatedPacketsTest {
    private static final int MUTATIONS = Integer.getInteger("radius.mutations", 20_000);
    private static final PacketAuthentication SECRET = new PacketAuthentication(
            "s3cret".getBytes(StandardCharsets.US_ASCII));
    private static final byte[] RANDOM = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final RadiusPacket REQUEST = new RadiusPacket(RadiusCode.ACCESS_REQUEST, 7, RANDOM,
            List.of(RadiusAttribute.of(AttributeType.USER_NAME, "alice")));
    private static final AccessEvidence EVIDENCE = new AccessEvidence.MsChapV2(1, new byte[16], new byte[49]);
    private static final List<RadiusAttribute> GRANTS = List.of(
            RadiusAttribute.of(AttributeType.MS_CHAP2_SUCCESS,
                    "\7S=0123456789ABCDEF0123456789ABCDEF01234567 M=hello".getBytes(StandardCharsets.US_ASCII)),
            RadiusAttribute.of(AttributeType.FRAMED_IP_ADDRESS, Ipv4Address.parse("10.9.0.7")),
            RadiusAttribute.of(AttributeType.SESSION_TIMEOUT, 3600),
            RadiusAttribute.of(AttributeType.FRAMED_ROUTE, "192.168.50.0/24 0.0.0.0 1"),
            RadiusAttribute.of(AttributeType.MIKROTIK_RATE_LIMIT, "2M/10M"),
            RadiusAttribute.of(AttributeType.MS_MPPE_SEND_KEY, new byte[34]),
            RadiusAttribute.of(AttributeType.MS_MPPE_RECV_KEY, new byte[34]),
            RadiusAttribute.of(AttributeType.CLASS, "gold"));

    /** What a packet is, and how it is read. */
    enum Kind {
        /** Of a server that signs all. */
        REPLY(Demand.MESSAGE_AUTHENTICATOR),
        /** Of a server that is allowed not to. */
        REPLY_OF_AN_OLD_SERVER(Demand.RESPONSE_AUTHENTICATOR),
        /** A Disconnect-Request. */
        ORDER(null);

        private final Demand demand;

        Kind(Demand demand) {
            this.demand = demand;
        }

        byte[] good() {
            return demand == null
                    ? SECRET.signRequest(new RadiusPacket(RadiusCode.DISCONNECT_REQUEST, 9, new byte[16],
                            List.of(RadiusAttribute.of(AttributeType.USER_NAME, "alice"),
                                    RadiusAttribute.of(AttributeType.ACCT_SESSION_ID, "s-1"))))
                    : SECRET.signReply(new RadiusPacket(RadiusCode.ACCESS_ACCEPT, 7, new byte[16], GRANTS), RANDOM);
        }

        RadiusPacket read(byte[] bytes) throws RadiusException {
            return demand == null ? SECRET.readRequest(bytes) : SECRET.readReply(bytes, REQUEST, RANDOM, demand);
        }
    }

    private final SplittableRandom random = new SplittableRandom();

    @ParameterizedTest
    @EnumSource(Kind.class)
    void nothingThatWasChangedIsBelieved(Kind kind) throws RadiusException {
        byte[] good = kind.good();
        RadiusPacket meant = kind.read(good);
        long believed = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = mutated(good);
            try {
                // Bytes behind the length are padding, and whoever sends the very packet has changed nothing.
                if (!kind.read(bytes).equals(meant) || !startsWith(bytes, good)) {
                    believed++;
                }
            } catch (RadiusException e) {
                assertThat(e).hasMessageNotContaining("s3cret");
            }
        }
        assertThat(believed).isZero();
        assertThat(kind.read(good)).as("the good one is taken all the same").isEqualTo(meant);
    }

    /** Whoever knows the secret may still send anything: it is read, or refused. */
    @ParameterizedTest
    @EnumSource(value = RadiusCode.class, names = {"ACCESS_ACCEPT", "ACCESS_REJECT", "ACCESS_CHALLENGE"})
    void whatIsSignedAndMakesNoSenseIsReadOrRefused(RadiusCode code) throws RadiusException {
        byte[] good = new RadiusPacket(code, 7, new byte[16], GRANTS).encode();
        for (int i = 0; i < MUTATIONS / 10; i++) {
            byte[] bytes = mutated(good);
            try {
                RadiusPacket decoded = RadiusPacket.decode(bytes);
                LoginReplies.read(decoded, EVIDENCE, SECRET, RANDOM);
                DynamicRequests.read(new RadiusPacket(RadiusCode.COA_REQUEST, 1, new byte[16], decoded.attributes()));
            } catch (RadiusException e) {
                assertThat(e).hasMessageNotContaining("s3cret");
            }
        }
        assertThat(LoginReplies.read(
                RadiusPacket.decode(new RadiusPacket(RadiusCode.ACCESS_REJECT, 7, new byte[16], List.of()).encode()),
                EVIDENCE, SECRET, RANDOM)).isInstanceOf(LoginReply.Rejected.class);
    }

    private static boolean startsWith(byte[] bytes, byte[] good) {
        return bytes.length >= good.length && Arrays.equals(Arrays.copyOf(bytes, good.length), good);
    }

    /** Bits turned, bytes replaced, cut off, added, left out or doubled: one to four of these. */
    private byte[] mutated(byte[] good) {
        byte[] bytes = good.clone();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            bytes = switch (bytes.length == 0 ? 3 : random.nextInt(6)) {
                case 0 -> with(bytes, at, bytes[at] ^ 1 << random.nextInt(8));
                case 1 -> with(bytes, at, random.nextInt(256));
                case 2 -> Arrays.copyOf(bytes, at);
                case 3 -> with(Arrays.copyOf(bytes, bytes.length + 1), bytes.length, random.nextInt(256));
                case 4 -> without(bytes, at);
                default -> doubled(bytes, at);
            };
        }
        return bytes;
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        return bytes;
    }

    private static byte[] without(byte[] bytes, int at) {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, shorter, at, shorter.length - at);
        return shorter;
    }

    private static byte[] doubled(byte[] bytes, int at) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
        return longer;
    }
}
