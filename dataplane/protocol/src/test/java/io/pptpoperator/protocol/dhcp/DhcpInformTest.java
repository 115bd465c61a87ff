package io.pptpoperator.protocol.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ip.InternetChecksum;
import io.pptpoperator.protocol.ip.Ipv4Header;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DhcpInformTest {
    static final Ipv4Address CLIENT = Ipv4Address.parse("10.8.0.7");
    static final Ipv4Address SERVER = Ipv4Address.parse("10.8.0.1");
    private static final Ipv4Address BROADCAST = Ipv4Address.parse("255.255.255.255");
    /** As Windows asks: type, client identifier, host name's class, what it wants to know. */
    static final String OPTIONS = "350108" + "3d0701001122334455" + "3c084d53465420352e30" + "370606 2c 2b 0f 79 f9"
            + "ff";
    private static final int MESSAGE = Ipv4Header.MIN_LENGTH + 8;

    /** A question, in which something may be changed before the checksums are made. */
    static ByteBuffer inform(String options, Consumer<ByteBuffer> change) {
        byte[] tail = HexFormat.of().parseHex(options.replace(" ", ""));
        int length = MESSAGE + 240 + tail.length;
        ByteBuffer packet = ByteBuffer.allocate(length);
        packet.putInt(0x4500 << 16 | length).putInt(0).putInt(128 << 24 | 17 << 16).putInt(CLIENT.bits());
        packet.putInt(BROADCAST.bits());
        packet.putShort((short) 68).putShort((short) 67).putShort((short) (length - 20)).putShort((short) 0);
        packet.put((byte) 1).put((byte) 8).put((byte) 6).put((byte) 0).putInt(0xCAFE_0001).putInt(0x0003_8000);
        packet.putInt(CLIENT.bits());
        packet.put(MESSAGE + 28, new byte[]{0x52, 0x41, 0x53, 0x20, 1, 2});
        packet.putInt(MESSAGE + 236, 0x6382_5363).put(MESSAGE + 240, tail);
        change.accept(packet);
        packet.putShort(10, (short) 0);
        packet.putShort(10, (short) InternetChecksum.of(packet, 0, 20));
        if (packet.get(9) == 17) {
            packet.putShort(26,
                    (short) InternetChecksum.pseudoHeader(packet.getInt(12), packet.getInt(16), 17, length - 20));
            InternetChecksum.complete(packet, 20, length - 20, 6);
        }
        return packet;
    }

    private static ByteBuffer inform(String options) {
        return inform(options, packet -> {});
    }

    @Test
    void aQuestionIsRead() {
        ByteBuffer packet = inform(OPTIONS);
        assertThat(DhcpInform.isIn(packet, 0)).isTrue();
        DhcpInform question = DhcpInform.read(packet, 0).orElseThrow();
        assertThat(question.client()).isEqualTo(CLIENT);
        assertThat(question.transaction()).isEqualTo(0xCAFE_0001);
        assertThat(question.flags()).isEqualTo(0x8000);
        assertThat(question.hardwareType()).isEqualTo(8);
        assertThat(question.hardware()).startsWith(0x52, 0x41, 0x53, 0x20).hasSize(16);
        assertThat(question.requested()).containsExactlyInAnyOrder(6, 44, 43, 15, 121, 249);
    }

    @Test
    void whatIsNoQuestionOfItsSenderGetsNoAnswer() {
        assertThat(DhcpInform.isIn(inform("350101ff"), 0)).as("DHCPDISCOVER").isFalse();
        assertThat(DhcpInform.isIn(inform("370106ff"), 0)).as("BOOTP").isFalse();
        assertThat(DhcpInform.isIn(inform("ff350108"), 0)).as("behind the end").isFalse();
        assertThat(DhcpInform.isIn(inform("000037fe06350108ff"), 0)).as("an option that runs past the end").isFalse();
        assertThat(DhcpInform.isIn(inform("35020808ff"), 0)).as("a type of two bytes").isFalse();
        assertThat(DhcpInform.isIn(inform("35"), 0)).as("an option without a length").isFalse();
        refused("an answer", packet -> packet.put(MESSAGE, (byte) 2));
        refused("by a relay", packet -> packet.putInt(MESSAGE + 24, SERVER.bits()));
        refused("over a hop", packet -> packet.put(MESSAGE + 3, (byte) 1));
        refused("for somebody else", packet -> packet.putInt(MESSAGE + 12, SERVER.bits()));
        refused("a cookie of its own", packet -> packet.putInt(MESSAGE + 236, 1));
        refused("another port", packet -> packet.putShort(22, (short) 68));
        refused("TCP", packet -> packet.put(9, (byte) 6));
        refused("a fragment", packet -> packet.putShort(6, (short) 0x2000));
        refused("longer than its packet", packet -> packet.putShort(24, (short) 400));
        ByteBuffer broken = inform(OPTIONS);
        broken.put(MESSAGE + 4, (byte) 1);
        assertThat(DhcpInform.isIn(broken, 0)).as("a wrong checksum").isFalse();
        broken.putShort(26, (short) 0);
        assertThat(DhcpInform.isIn(broken, 0)).as("no checksum").isTrue();
    }

    private static void refused(String what, Consumer<ByteBuffer> change) {
        ByteBuffer packet = inform(OPTIONS, change);
        assertThat(DhcpInform.isIn(packet, 0)).as(what).isFalse();
        assertThat(DhcpInform.read(packet, 0)).as(what).isEmpty();
    }

    @Test
    void theAnswerIsAnAcknowledgementWithWhatWasAskedFor() {
        DhcpAnswer answer = new DhcpAnswer(SERVER,
                List.of(Ipv4Prefix.parse("0.0.0.0/0"), Ipv4Prefix.parse("10.0.0.0/8"), Ipv4Prefix.parse("10.128.0.0/9"),
                        Ipv4Prefix.parse("192.0.2.7/32")),
                Optional.of("corp.example"), List.of(Ipv4Address.parse("10.0.0.53")), List.of());
        ByteBuffer packet = ByteBuffer.wrap(answer.to(DhcpInform.read(inform(OPTIONS), 0).orElseThrow()));

        assertThat(Ipv4Header.validate(packet, 0, packet.limit())).isNotNegative();
        assertThat(Ipv4Header.source(packet, 0)).isEqualTo(SERVER.bits());
        assertThat(Ipv4Header.destination(packet, 0)).isEqualTo(CLIENT.bits());
        assertThat(packet.getInt(20)).as("67 to 68").isEqualTo(67 << 16 | 68);
        assertThat(packet.get(MESSAGE)).isEqualTo((byte) 2);
        assertThat(packet.getInt(MESSAGE + 4)).isEqualTo(0xCAFE_0001);
        assertThat(packet.getInt(MESSAGE + 12)).as("ciaddr").isEqualTo(CLIENT.bits());
        assertThat(packet.getInt(MESSAGE + 16)).as("yiaddr: no address is given").isZero();
        String routes = "00 0a080001 08 0a 0a080001 09 0a80 0a080001 20 c0000207 0a080001".replace(" ", "");
        String length = HexFormat.of().toHexDigits((byte) (routes.length() / 2));
        assertThat(HexFormat.of().formatHex(packet.array(), MESSAGE + 240, packet.limit()))
                .startsWith("350105" + "36040a080001" + "06040a000035" + "0f0c636f72702e6578616d706c65" + "79" + length
                        + routes + "f9" + length + routes + "ff");
    }

    @Test
    void whoAsksForNothingInParticularIsToldEverythingAndWhoAsksForOneThingThat() {
        DhcpAnswer answer = new DhcpAnswer(SERVER, List.of(Ipv4Prefix.parse("10.0.0.0/8")), Optional.of("a.example"),
                List.of(CLIENT), List.of(CLIENT));
        assertThat(codes(answer, "350108ff")).containsExactly(53, 54, 6, 15, 44, 121, 249);
        assertThat(codes(answer, "3501083701f9ff")).containsExactly(53, 54, 249);
    }

    private static List<Integer> codes(DhcpAnswer answer, String options) {
        byte[] packet = answer.to(DhcpInform.read(inform(options), 0).orElseThrow());
        List<Integer> codes = new ArrayList<>();
        for (int at = MESSAGE + 240; packet[at] != (byte) 255; at += 2 + (packet[at + 1] & 0xFF)) {
            codes.add(packet[at] & 0xFF);
        }
        return codes;
    }

    @Test
    void whatIsLongerThanAnOptionStandsInSeveral() {
        DhcpAnswer answer = new DhcpAnswer(SERVER,
                IntStream.range(0, 64)
                        .mapToObj(i -> new Ipv4Prefix(new Ipv4Address(0x0A00_0000 | i << 8 | 1), 32))
                        .toList(),
                Optional.empty(), List.of(), List.of());
        assertThat(codes(answer, "35010837 01 79 ff")).containsExactly(53, 54, 121, 121, 121);
    }

    /** No input throws, and what is answered is a packet that this end would take. */
    @Property(tries = 20_000)
    void anyBytesAreReadOrNot(@ForAll long seed, @ForAll @IntRange(max = 12) int changes) {
        Random random = new Random(seed);
        ByteBuffer packet = inform(OPTIONS);
        for (int i = 0; i < changes; i++) {
            packet.put(20 + random.nextInt(packet.limit() - 20), (byte) random.nextInt());
        }
        if (random.nextBoolean()) {
            packet.putShort(26, (short) 0); // most would be found out by their checksum
        }
        Optional<DhcpInform> question = DhcpInform.read(packet, 0);
        assertThat(question.isPresent()).isEqualTo(DhcpInform.isIn(packet, 0));
        question.ifPresent(it -> {
            ByteBuffer answer = ByteBuffer.wrap(new DhcpAnswer(SERVER, List.of(Ipv4Prefix.parse("10.0.0.0/8")),
                    Optional.empty(), List.of(), List.of()).to(it));
            assertThat(Ipv4Header.validate(answer, 0, answer.limit())).isNotNegative();
            assertThat(answer.getInt(MESSAGE + 4)).isEqualTo(packet.getInt(MESSAGE + 4));
            assertThat(it.requested()).isSubsetOf(IntStream.range(0, 256).boxed().toList());
        });
    }

    @Test
    void equalQuestionsHaveNoSharedState() {
        DhcpInform question = DhcpInform.read(inform(OPTIONS), 0).orElseThrow();
        question.hardware()[0] = 0;
        assertThat(question.hardware()[0]).isEqualTo((byte) 0x52);
        assertThat(new DhcpInform(CLIENT, 1, 6, 1, 0, new byte[16], Set.of()).wants(121)).isTrue();
    }
}
