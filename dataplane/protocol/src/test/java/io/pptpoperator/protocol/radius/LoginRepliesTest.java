package io.pptpoperator.protocol.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.mppe.StartKeyDerivation;
import io.pptpoperator.protocol.rate.OctetLimit;
import io.pptpoperator.protocol.rate.RateLimit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginRepliesTest {
    private static final byte[] SECRET = "testing123".getBytes(StandardCharsets.US_ASCII);
    private static final PacketAuthentication AUTHENTICATION = new PacketAuthentication(SECRET);
    private static final byte[] RANDOM = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final AccessEvidence V2 = new AccessEvidence.MsChapV2(1, new byte[16], new byte[49]);
    private static final byte[] SEND = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
    private static final byte[] RECEIVE = HexFormat.of().parseHex("101112131415161718191a1b1c1d1e1f");

    private static RadiusPacket accept(RadiusAttribute... attributes) {
        return new RadiusPacket(RadiusCode.ACCESS_ACCEPT, 1, new byte[16], List.of(attributes));
    }

    private static LoginReply.Accepted accepted(RadiusAttribute... attributes) throws RadiusException {
        return (LoginReply.Accepted) LoginReplies.read(accept(attributes), V2, AUTHENTICATION, RANDOM);
    }

    /** Hides a key as a server does (RFC 2548 section 2.4.2): its length goes before it, and the salt into the stream. */
    private static RadiusAttribute key(AttributeType type, byte[] key, int salt) {
        byte[] salts = {(byte) 0x80, (byte) salt};
        byte[] hidden = HiddenValues.hidePassword(HiddenValues.join(new byte[]{(byte) key.length}, key), SECRET,
                HiddenValues.join(RANDOM, salts));
        return RadiusAttribute.of(type, HiddenValues.join(salts, hidden));
    }

    @Test
    void theKeysThatTheServerSendsStartMppe() throws RadiusException {
        MppeStartKeys keys = accepted(key(AttributeType.MS_MPPE_SEND_KEY, SEND, 1),
                key(AttributeType.MS_MPPE_RECV_KEY, RECEIVE, 2)).keys().orElseThrow();

        assertThat(keys.send128()).isEqualTo(SEND);
        assertThat(keys.receive128()).isEqualTo(RECEIVE);
        assertThat(keys.sendShort()).isEqualTo(Arrays.copyOf(SEND, 8));
        assertThat(keys.receiveShort()).isEqualTo(Arrays.copyOf(RECEIVE, 8));
    }

    /** TLS methods give 32 bytes (RFC 5216 section 2.3). */
    @Test
    void aLongerKeyIsCut() throws RadiusException {
        byte[] longer = Arrays.copyOf(SEND, 32);
        longer[31] = 7;
        MppeStartKeys keys = accepted(key(AttributeType.MS_MPPE_SEND_KEY, longer, 1),
                key(AttributeType.MS_MPPE_RECV_KEY, RECEIVE, 2)).keys().orElseThrow();

        assertThat(keys.send128()).isEqualTo(SEND);
    }

    @Test
    void aKeyThatCannotBeOneIsARefusalAndNeverAWrongKey() {
        RadiusAttribute good = key(AttributeType.MS_MPPE_RECV_KEY, RECEIVE, 2);
        for (RadiusAttribute bad : List.of(key(AttributeType.MS_MPPE_SEND_KEY, Arrays.copyOf(SEND, 8), 1),
                RadiusAttribute.of(AttributeType.MS_MPPE_SEND_KEY, new byte[17]),
                RadiusAttribute.of(AttributeType.MS_MPPE_SEND_KEY, new byte[2]),
                RadiusAttribute.of(AttributeType.MS_MPPE_SEND_KEY, new byte[0]))) {
            assertThatThrownBy(() -> accepted(bad, good)).as(bad.toString()).isInstanceOf(RadiusException.class);
        }
        assertThatThrownBy(() -> accepted(good)).hasMessageContaining("only one of");
    }

    @Test
    void msChapV1sKeysAreHiddenLikeAPassword() throws RadiusException {
        byte[] hashHash = HexFormat.of().parseHex("41c00c584bd2d91c4017a2a12fa59f3f");
        byte[] clear = new byte[32];
        Arrays.fill(clear, 0, 8, (byte) 0x11);
        System.arraycopy(hashHash, 0, clear, 8, 16);
        var proof = new AccessEvidence.MsChapV1(1, HexFormat.of().parseHex("102db5df085d3041"), new byte[49]);
        LoginReply reply = LoginReplies.read(accept(
                RadiusAttribute.of(AttributeType.MS_CHAP_MPPE_KEYS, HiddenValues.hidePassword(clear, SECRET, RANDOM))),
                proof, AUTHENTICATION, RANDOM);

        MppeStartKeys keys = ((LoginReply.Accepted) reply).keys().orElseThrow();
        assertThat(keys.send128()).isEqualTo(keys.receive128())
                .isEqualTo(StartKeyDerivation.msChapV1(hashHash, proof.challenge(), null).send128());
        assertThat(keys.sendShort()).containsOnly(0x11);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1S=0123456789ABCDEF0123456789ABCDEF01234567                | S=0123456789ABCDEF0123456789ABCDEF01234567
            1S=0123456789ABCDEF0123456789ABCDEF01234567 M=Welcome home | S=0123456789ABCDEF0123456789ABCDEF01234567
            1S=0123456789ABCDEF0123456789ABCDEF0123456                 |
            S=0123456789ABCDEF0123456789ABCDEF01234567                 |
            1S=0123456789ABCDEF0123456789ABCDEF0123456G                |
            """)
    void onlyTheProofOfASuccessIsPassedOn(String value, String proof) throws RadiusException {
        assertThat(accepted(RadiusAttribute.of(AttributeType.MS_CHAP2_SUCCESS, value)).success())
                .isEqualTo(Optional.ofNullable(proof));
    }

    @Test
    void aRejectsNumberCountsAndNothingElseOfIt() throws RadiusException {
        var reject = new RadiusPacket(RadiusCode.ACCESS_REJECT, 1, new byte[16],
                List.of(RadiusAttribute.of(AttributeType.MS_CHAP_ERROR,
                        "\u0001E=691 R=1 C=0123456789abcdef0123456789abcdef V=3 M=Authentication rejected"),
                        RadiusAttribute.of(AttributeType.FRAMED_IP_ADDRESS, 0x0a080009),
                        RadiusAttribute.of(AttributeType.REPLY_MESSAGE, "no")));

        LoginReply reply = LoginReplies.read(reject, V2, AUTHENTICATION, RANDOM);

        assertThat(reply).isInstanceOfSatisfying(LoginReply.Rejected.class, it -> {
            assertThat(it.msChapError()).hasValue(691);
            assertThat(it.message()).hasValue("no");
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 6, false, 40;128", "2, 4, true, 128", "2, 2, true, 40", "1, 0, false, ''", "9, 255, false, 40;128"})
    void encryptionCanBeAskedFor(long policy, long types, boolean required, String bits) throws RadiusException {
        LoginReply.EncryptionTerms terms = accepted(RadiusAttribute.of(AttributeType.MS_MPPE_ENCRYPTION_POLICY, policy),
                RadiusAttribute.of(AttributeType.MS_MPPE_ENCRYPTION_TYPES, types)).encryption();

        assertThat(terms.required()).isEqualTo(required);
        Set<String> expected = bits.isEmpty() ? Set.of() : Set.of(bits.split(";", -1));
        assertThat(terms.keyBits()).map(String::valueOf).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2M/10M                          | 2000000 | 10000000 | 0      | 0
            512k                            | 512000  | 512000   | 0      | 0
            1000000/2000000                 | 1000000 | 2000000  | 0      | 0
            0/5M                            | 0       | 5000000  | 0      | 0
            1M/2M 2M/4M 800k/1600k 8/16 5 0 | 1000000 | 2000000  | 800000 | 3200000
            1M/2M 0/0 0/0 0/0 8             | 1000000 | 2000000  | 0      | 0
            1G/999999999999999999           | 1000000000 | 1000000000000 | 0 | 0
            """)
    void ratesAreReadAsRouterOsWritesThem(String text, long upload, long download, long upBurst, long downBurst)
            throws RadiusException {
        assertThat(accepted(RadiusAttribute.of(AttributeType.MIKROTIK_RATE_LIMIT, text)).grants().rate())
                .hasValue(new RateLimit(upload, download, upBurst, downBurst));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "2M/", "/2M", "-1M", "2M/10M x", "1.5M"})
    void whatIsNoRateIsNamed(String text) throws RadiusException {
        LoginReply.Accepted reply = accepted(RadiusAttribute.of(AttributeType.MIKROTIK_RATE_LIMIT, text));

        assertThat(reply.grants().rate()).isEmpty();
        assertThat(reply.unusable()).containsExactly("Mikrotik-Rate-Limit is not a rate such as 2M/10M");
    }

    @Test
    void theMostExactOfSeveralRatesCounts() throws RadiusException {
        RadiusAttribute wisprDown = RadiusAttribute.of(AttributeType.WISPR_BANDWIDTH_MAX_DOWN, 3_000_000);
        RadiusAttribute wisprUp = RadiusAttribute.of(AttributeType.WISPR_BANDWIDTH_MAX_UP, 1_000_000);
        RadiusAttribute ascend = RadiusAttribute.of(AttributeType.ASCEND_XMIT_RATE, 4_000_000);
        RadiusAttribute mikrotik = RadiusAttribute.of(AttributeType.MIKROTIK_RATE_LIMIT, "5M");

        assertThat(accepted(wisprDown).grants().rate()).hasValue(new RateLimit(0, 3_000_000, 0, 0));
        assertThat(accepted(wisprDown, wisprUp).grants().rate()).hasValue(new RateLimit(1_000_000, 3_000_000, 0, 0));
        assertThat(accepted(wisprDown, ascend).grants().rate()).hasValue(new RateLimit(0, 4_000_000, 0, 0));
        assertThat(accepted(wisprDown, ascend, mikrotik).grants().rate())
                .hasValue(new RateLimit(5_000_000, 5_000_000, 0, 0));
    }

    @Test
    void octetsAreCountedBeyondFourGibibytesAndTheLessCounts() throws RadiusException {
        assertThat(accepted(RadiusAttribute.of(AttributeType.MIKROTIK_TOTAL_LIMIT, 5),
                RadiusAttribute.of(AttributeType.MIKROTIK_TOTAL_LIMIT_GIGAWORDS, 2)).grants().octets())
                .hasValue(new OctetLimit(0, 0, (2L << 32) + 5, 0));
        assertThat(accepted(RadiusAttribute.of(AttributeType.MIKROTIK_RECV_LIMIT, 100),
                RadiusAttribute.of(AttributeType.CHILLISPOT_MAX_INPUT_OCTETS, 50),
                RadiusAttribute.of(AttributeType.MIKROTIK_XMIT_LIMIT, 70)).grants().octets())
                .hasValue(new OctetLimit(50, 70, 0, 0));
        for (var direction : List.of(0, 1, 2, 3)) {
            assertThat(accepted(RadiusAttribute.of(AttributeType.SESSION_OCTETS_LIMIT, 9),
                    RadiusAttribute.of(AttributeType.OCTETS_DIRECTION, direction)).grants().octets())
                    .hasValue(switch (direction) {
                        case 0 -> new OctetLimit(0, 0, 9, 0);
                        case 1 -> new OctetLimit(9, 0, 0, 0);
                        case 2 -> new OctetLimit(0, 9, 0, 0);
                        default -> new OctetLimit(0, 0, 0, 9);
                    });
        }
        assertThat(accepted().grants()).isEqualTo(Grants.NONE);
    }

    @Test
    void everythingElseThatAReplyGrantsArrives() throws RadiusException {
        RadiusAttribute first = RadiusAttribute.of(AttributeType.CLASS, "a");
        RadiusAttribute second = RadiusAttribute.of(AttributeType.CLASS, "b");
        Grants grants = accepted(RadiusAttribute.of(AttributeType.FRAMED_IP_ADDRESS, 0x0a080009),
                RadiusAttribute.of(AttributeType.FRAMED_POOL, "branch\0"), first, second,
                RadiusAttribute.of(AttributeType.FRAMED_ROUTE, "192.168.50.0/24 0.0.0.0 1"),
                RadiusAttribute.of(AttributeType.FRAMED_ROUTE, "192.168.51.7"),
                RadiusAttribute.of(AttributeType.MS_PRIMARY_DNS_SERVER, 0x09090909),
                RadiusAttribute.of(AttributeType.MS_SECONDARY_DNS_SERVER, 0x08080808),
                RadiusAttribute.of(AttributeType.MS_PRIMARY_NBNS_SERVER, 0),
                RadiusAttribute.of(AttributeType.SESSION_TIMEOUT, 3600),
                RadiusAttribute.of(AttributeType.IDLE_TIMEOUT, 600),
                RadiusAttribute.of(AttributeType.ACCT_INTERIM_INTERVAL, 300),
                RadiusAttribute.of(AttributeType.FRAMED_MTU, 1300), RadiusAttribute.of(AttributeType.PORT_LIMIT, 2),
                RadiusAttribute.of(AttributeType.FILTER_ID, "gold")).grants();

        assertThat(grants.address()).hasToString("Optional[10.8.0.9]");
        assertThat(grants.pool()).hasValue("branch");
        assertThat(grants.routes()).hasToString("[192.168.50.0/24, 192.168.51.7/32]");
        assertThat(grants.dns()).hasToString("[9.9.9.9, 8.8.8.8]");
        assertThat(grants.wins()).isEmpty();
        assertThat(grants.sessionTimeout()).hasValue(3600);
        assertThat(grants.idleTimeout()).hasValue(600);
        assertThat(grants.interimInterval()).hasValue(300);
        assertThat(grants.mtu()).hasValue(1300);
        assertThat(grants.sessions()).hasValue(2);
        assertThat(grants.profile()).hasValue("gold");
        assertThat(grants.classes()).containsExactly(first, second);
    }

    @Test
    void whatHasNoMeaningIsNamedOnceAndWhatCannotBeUsedSaysWhy() throws RadiusException {
        var ignored = new ArrayList<RadiusAttribute>();
        ignored.add(new RadiusAttribute(9, 1, new byte[]{1}));
        ignored.add(new RadiusAttribute(9, 1, new byte[]{2}));
        ignored.add(new RadiusAttribute(RadiusAttribute.NO_VENDOR, 250, new byte[0]));
        ignored.add(RadiusAttribute.of(AttributeType.SESSION_TIMEOUT, "soon!"));
        ignored.add(RadiusAttribute.of(AttributeType.FRAMED_ROUTE, "nowhere"));

        LoginReply.Accepted reply = accepted(ignored.toArray(RadiusAttribute[]::new));

        assertThat(reply.ignored()).containsExactly("26/9/1", "250");
        assertThat(reply.unusable()).hasSize(2)
                .anySatisfy(it -> assertThat(it).isEqualTo("Session-Timeout of 5 bytes is no number of four bytes"))
                .anySatisfy(it -> assertThat(it).startsWith("Framed-Route is not a network such as 192.168.50.0/24"));
    }

    @Test
    void aChallengeOfEapArrivesWholeWithItsState() throws RadiusException {
        byte[] eap = new byte[600];
        Arrays.fill(eap, (byte) 5);
        RadiusAttribute state = RadiusAttribute.of(AttributeType.STATE, "42");
        var attributes = new ArrayList<>(
                new AccessEvidence.Eap(eap, List.of(state), 1396).attributes(AUTHENTICATION, RANDOM));
        assertThat(attributes).as("three parts, the State, and how long a part of TLS may be")
                .hasSize(5)
                .last()
                .isEqualTo(RadiusAttribute.of(AttributeType.FRAMED_MTU, 1396));

        LoginReply reply = LoginReplies.read(new RadiusPacket(RadiusCode.ACCESS_CHALLENGE, 1, new byte[16], attributes),
                V2, AUTHENTICATION, RANDOM);

        assertThat(reply).isInstanceOfSatisfying(LoginReply.Challenged.class, it -> {
            assertThat(it.eap()).isEqualTo(eap);
            assertThat(it.state()).containsExactly(state);
        });
    }
}
