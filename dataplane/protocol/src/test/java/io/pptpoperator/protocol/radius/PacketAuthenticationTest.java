package io.pptpoperator.protocol.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PacketAuthenticationTest {
    private static final PacketAuthentication OURS = new PacketAuthentication(
            "s3cret".getBytes(StandardCharsets.UTF_8));
    private static final PacketAuthentication OTHERS = new PacketAuthentication(
            "other".getBytes(StandardCharsets.UTF_8));
    private static final byte[] RANDOM = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final RadiusPacket LOGIN = AccessRequests.login(7, RANDOM, "alice".getBytes(StandardCharsets.UTF_8),
            new AccessEvidence.Pap("pw".getBytes(StandardCharsets.UTF_8)),
            new NasAttributes("nas", Ipv4Address.parse("192.0.2.1"), 9, Ipv4Address.parse("203.0.113.9"),
                    Ipv4Address.parse("192.0.2.1")).attributes(),
            "s-1", OURS);

    private static byte[] accept(PacketAuthentication by, RadiusAttribute... attributes) {
        return by.signReply(new RadiusPacket(RadiusCode.ACCESS_ACCEPT, 7, new byte[16], List.of(attributes)), RANDOM);
    }

    private static RadiusPacket read(byte[] bytes) throws RadiusException {
        return OURS.readReply(bytes, LOGIN, RANDOM, PacketAuthentication.Demand.MESSAGE_AUTHENTICATOR);
    }

    @Test
    void aRequestBeginsWithItsMessageAuthenticatorAndIsBelieved() throws RadiusException {
        byte[] bytes = OURS.signRequest(LOGIN);

        assertThat(RadiusPacket.decode(bytes).attributes().getFirst().name()).isEqualTo("Message-Authenticator");
        assertThat(RadiusPacket.decode(bytes).authenticator()).isEqualTo(RANDOM);
        assertThat(OURS.readRequest(bytes).text(AttributeType.USER_NAME)).hasValue("alice");
        assertThatThrownBy(() -> OTHERS.readRequest(bytes)).isInstanceOf(RadiusException.class)
                .hasMessageContaining("another secret");
    }

    /** A library that checks only some kinds lets anybody hang up. */
    @ParameterizedTest
    @EnumSource(names = {"ACCOUNTING_REQUEST", "DISCONNECT_REQUEST", "COA_REQUEST", "ACCESS_REQUEST", "STATUS_SERVER"})
    void everyKindOfRequestIsCheckedToTheBit(RadiusCode code) throws RadiusException {
        byte[] bytes = OURS.signRequest(
                new RadiusPacket(code, 3, RANDOM, List.of(RadiusAttribute.of(AttributeType.USER_NAME, "alice"))));
        assertThat(OURS.readRequest(bytes).code()).isEqualTo(code);

        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            int which = bit;
            assertThatThrownBy(() -> OURS.readRequest(flipped)).as("bit %d", which).isInstanceOf(RadiusException.class);
        }
    }

    @Test
    void aReplyIsCheckedToTheBit() throws RadiusException {
        byte[] bytes = accept(OURS, RadiusAttribute.of(AttributeType.SESSION_TIMEOUT, 60));
        assertThat(read(bytes).number(AttributeType.SESSION_TIMEOUT)).hasValue(60);

        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            int which = bit;
            assertThatThrownBy(() -> read(flipped)).as("bit %d", which).isInstanceOf(RadiusException.class);
        }
    }

    @Test
    void aReplyOfAnotherToAnotherOrWithoutProofIsNone() {
        assertThatThrownBy(() -> read(accept(OTHERS))).hasMessageContaining("Response Authenticator");
        byte[] reply = accept(OURS);
        assertThatThrownBy(
                () -> OURS.readReply(reply, LOGIN, new byte[16], PacketAuthentication.Demand.MESSAGE_AUTHENTICATOR))
                .hasMessageContaining("Response Authenticator");
        assertThatThrownBy(
                () -> OURS.readReply(reply, new RadiusPacket(RadiusCode.ACCESS_REQUEST, 8, RANDOM, List.of()), RANDOM,
                        PacketAuthentication.Demand.MESSAGE_AUTHENTICATOR))
                .hasMessage("Identifier 7 answers no request");
        assertThatThrownBy(
                () -> OURS.readReply(reply, new RadiusPacket(RadiusCode.ACCOUNTING_REQUEST, 7, RANDOM, List.of()),
                        RANDOM, PacketAuthentication.Demand.MESSAGE_AUTHENTICATOR))
                .hasMessageContaining("is no answer");
    }

    /** Debian 12's FreeRADIUS answers so; an MD5 collision forges it (CVE-2024-3596). */
    @Test
    void aReplyWithoutMessageAuthenticatorIsTakenOnlyWhereThatIsAllowed() throws RadiusException {
        var plain = new RadiusPacket(RadiusCode.ACCESS_ACCEPT, 7, RANDOM, List.of());
        byte[] bytes = plain.encode();
        byte[] digest = PacketAuthentication.md5(bytes, "s3cret".getBytes(StandardCharsets.UTF_8));
        System.arraycopy(digest, 0, bytes, 4, 16);

        assertThat(OURS.readReply(bytes, LOGIN, RANDOM, PacketAuthentication.Demand.RESPONSE_AUTHENTICATOR).code())
                .isEqualTo(RadiusCode.ACCESS_ACCEPT);
        assertThatThrownBy(() -> read(bytes)).isInstanceOfSatisfying(RadiusException.class,
                e -> assertThat(e.kind()).isEqualTo(RadiusException.Kind.NO_MESSAGE_AUTHENTICATOR));
    }

    @Test
    void whatFollowsTheLengthIsPadding() throws RadiusException {
        assertThat(read(Arrays.copyOf(accept(OURS), 100)).code()).isEqualTo(RadiusCode.ACCESS_ACCEPT);
    }

    @Property(tries = 20_000)
    void nothingButARadiusExceptionComesOfAnyBytes(@ForAll("packets") byte[] bytes) {
        try {
            RadiusPacket packet = RadiusPacket.decode(bytes);
            assertThat(RadiusPacket.length(bytes)).isLessThanOrEqualTo(bytes.length);
            Grants.of(packet, new ArrayList<>());
            if (packet.code() == RadiusCode.COA_REQUEST || packet.code() == RadiusCode.DISCONNECT_REQUEST) {
                assertThat(DynamicRequests.read(packet)).isNotNull();
            }
            if (packet.code() == RadiusCode.ACCESS_ACCEPT || packet.code() == RadiusCode.ACCESS_REJECT) {
                assertThat(LoginReplies.read(packet, new AccessEvidence.MsChapV1(1, new byte[8], new byte[49]), OURS,
                        RANDOM)).isNotNull();
            }
        } catch (RadiusException e) {
            assertThat(e).hasMessageNotContaining("s3cret");
        }
    }

    @Property(tries = 5_000)
    void aPacketOfAnyBytesIsNeverBelieved(@ForAll("packets") byte[] bytes) {
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(RadiusException.class);
    }

    @Property(tries = 2_000)
    void whatIsWrittenIsReadAgain(@ForAll("attributes") List<RadiusAttribute> attributes,
            @ForAll @IntRange(max = 255) int identifier) throws RadiusException {
        var packet = new RadiusPacket(RadiusCode.ACCESS_ACCEPT, identifier, RANDOM, attributes);

        assertThat(RadiusPacket.decode(packet.encode())).isEqualTo(packet);
    }

    @Provide
    Arbitrary<List<RadiusAttribute>> attributes() {
        Arbitrary<RadiusAttribute> plain = Combinators
                .combine(Arbitraries.integers().between(1, 255).filter(it -> it != 26),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(RadiusAttribute.LONGEST))
                .as((number, value) -> new RadiusAttribute(RadiusAttribute.NO_VENDOR, number, value));
        Arbitrary<RadiusAttribute> vendors = Combinators
                .combine(Arbitraries.of(311, 529, 14988, 9), Arbitraries.integers().between(1, 255),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(RadiusAttribute.LONGEST_OF_VENDOR))
                .as(RadiusAttribute::new);
        return Arbitraries.oneOf(plain, vendors).list().ofMaxSize(12);
    }

    /** Good packets with a few bytes changed, cut or appended, whose length field mostly fits: they get far. */
    @Provide
    Arbitrary<byte[]> packets() {
        Arbitrary<byte[]> good = Combinators.combine(Arbitraries.of(RadiusCode.class), attributes())
                .as((code, attributes) -> new RadiusPacket(code, 7, RANDOM, attributes).encode());
        Arbitrary<int[]> changes = Arbitraries.integers().between(0, 0xffff).array(int[].class).ofMaxSize(6);
        return Combinators.combine(good, changes, Arbitraries.integers().between(-4, 4)).as((bytes, where, more) -> {
            byte[] changed = Arrays.copyOf(bytes, Math.max(0, bytes.length + more));
            for (int change : where) {
                changed[(change >>> 8) * 37 % changed.length] = (byte) change;
            }
            return changed;
        });
    }
}
