package io.pptpoperator.dataplane.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class NetlinkMessageTest {

    private static final List<Consumer<NetlinkMessage>> READERS = List.of(Link::decode, InterfaceAddress::decode,
            Route::decode, Ipv4Conf::decode, NftChain::decode, NftRule::decode, NetlinkMessage::errno,
            NetlinkMessage::kernelMessage);

    @Test
    void headerAndAttributesAreLaidOutAsInTheKernelsHeaders() {
        byte[] bytes = new MessageWriter(19, 0x400).u8(2)
                .u8(0)
                .u16(0x1234)
                .text(3, "eth0")
                .number(4, 1400)
                .nested(26, spec -> spec.networkNumber(1, 0x01020304))
                .finish(7, 0x4);
        ByteBuffer expected = ByteBuffer.allocate(16 + 4 + 12 + 8 + 12).order(ByteOrder.nativeOrder());
        expected.putInt(52).putShort((short) 19).putShort((short) 0x405).putInt(7).putInt(0);
        expected.put((byte) 2).put((byte) 0).putShort((short) 0x1234);
        expected.putShort((short) 9).putShort((short) 3).put(new byte[]{'e', 't', 'h', '0', 0, 0, 0, 0});
        expected.putShort((short) 8).putShort((short) 4).putInt(1400);
        expected.putShort((short) 12).putShort((short) 0x801a);
        expected.putShort((short) 8).putShort((short) 1).put(new byte[]{1, 2, 3, 4});
        assertThat(bytes).isEqualTo(expected.array());
    }

    @Test
    void aDatagramOfSeveralMessagesIsSplit() {
        byte[] first = new MessageWriter(16, 0).attribute(1, (byte) 5).finish(1, 0);
        byte[] second = new MessageWriter(3, 2).u32(0).finish(1, 0);
        List<NetlinkMessage> messages = NetlinkMessage
                .decode(ByteBuffer.allocate(first.length + second.length).put(first).put(second).array());
        assertThat(messages).extracting(NetlinkMessage::type).containsExactly(16, 3);
        assertThat(messages.get(0).attributes(0).bytes(1)).contains(new byte[]{5});
        assertThat(messages.get(1).flags()).isEqualTo(3);
    }

    @Test
    void theKernelsExplanationIsFoundBehindTheRefusedRequest() {
        byte[] request = new MessageWriter(24, 0).text(3, "some attribute").finish(9, 0);
        MessageWriter whole = new MessageWriter(2, 0x200).u32(-17);
        for (byte b : request) {
            whole.u8(b);
        }
        NetlinkMessage error = NetlinkMessage.decode(whole.text(1, "it is there").finish(9, 0)).get(0);
        assertThat(error.errno()).isEqualTo(17);
        assertThat(error.kernelMessage()).isEqualTo("it is there");

        MessageWriter capped = new MessageWriter(2, 0x300).u32(-17);
        for (int i = 0; i < 16; i++) {
            capped.u8(request[i]);
        }
        assertThat(NetlinkMessage.decode(capped.text(1, "it is there").finish(9, 0)).get(0).kernelMessage())
                .isEqualTo("it is there");
    }

    @Test
    void anAcknowledgmentIsNoError() {
        assertThat(NetlinkMessage.decode(new MessageWriter(2, 0).u32(0).finish(1, 0)).get(0).errno()).isZero();
    }

    @Test
    void theFirstWayOfAMultipathRouteCounts() {
        byte[] bytes = new MessageWriter(24, 0).u8(2)
                .u8(0)
                .u8(0)
                .u8(0)
                .u8(254)
                .u8(16)
                .u8(0)
                .u8(1)
                .u32(0)
                .nested(9,
                        hops -> hops.u16(16)
                                .u8(0)
                                .u8(0)
                                .u32(5)
                                .address(5, Ipv4Address.parse("10.0.0.1"))
                                .u16(8)
                                .u8(0)
                                .u8(0)
                                .u32(6))
                .finish(1, 0);
        Route route = Route.decode(NetlinkMessage.decode(bytes).get(0));
        assertThat(route).isEqualTo(new Route(Ipv4Prefix.parse("0.0.0.0/0"), 5,
                Optional.of(Ipv4Address.parse("10.0.0.1")), Optional.empty(), 254, 16, 1, 0));
        assertThat(route.isDefault()).isTrue();
    }

    @Test
    void wrongLengthsAreNamed() {
        byte[] tooLong = new MessageWriter(16, 0).finish(1, 0);
        tooLong[ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0 : 3] = 17;
        assertThatThrownBy(() -> NetlinkMessage.decode(tooLong)).isInstanceOf(NetlinkMessageException.class)
                .hasMessage("a netlink message of 17 bytes at offset 0 cannot be: it needs 16 to 16");
        assertThatThrownBy(() -> Attributes.parse(new byte[8], 4)).isInstanceOf(NetlinkMessageException.class)
                .hasMessage("a netlink attribute of 0 bytes at offset 4 cannot be: it needs 4 to 4");
        assertThatThrownBy(() -> new MessageWriter(1, 0).attribute(1, new byte[65532]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536 bytes");
    }

    @Property
    void randomBytesAreReadOrRefusedWithTheDeclaredException(@ForAll byte[] bytes) {
        readOrRefuse(bytes);
    }

    @Property
    void mutatedMessagesAreReadOrRefusedWithTheDeclaredException(@ForAll("mutated") byte[] bytes) {
        readOrRefuse(bytes);
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            for (NetlinkMessage message : NetlinkMessage.decode(bytes)) {
                for (Consumer<NetlinkMessage> reader : READERS) {
                    try {
                        reader.accept(message);
                    } catch (NetlinkMessageException e) {
                        assertThat(e).hasMessageContaining("b");
                    }
                }
            }
        } catch (NetlinkMessageException e) {
            assertThat(e).hasMessageContaining("cannot be");
        }
    }

    /** Real messages with a few bytes changed. */
    @Provide
    Arbitrary<byte[]> mutated() {
        var address = Ipv4Address.parse("10.0.0.1");
        NftTransaction transaction = new NftTransaction()
                .addBaseChain(NftFamily.IP, "t", "c", "filter", NftHook.FORWARD, 0)
                .appendRule(NftFamily.IP, "t", "c", "comment", new NftStatement.Counter(), new NftStatement.Accept());
        List<byte[]> originals = List.of(
                new MessageWriter(16, 0).u32(0).u32(1).u32(1).u32(0).text(3, "eth0").number(4, 1500).finish(1, 0),
                new MessageWriter(20, 0).u8(2)
                        .u8(24)
                        .u16(0)
                        .u32(1)
                        .address(1, address)
                        .address(2, address)
                        .finish(1, 0),
                new MessageWriter(24, 0).u8(2)
                        .u8(0)
                        .u16(0)
                        .u32(254)
                        .u32(0)
                        .nested(9, hops -> hops.u16(16).u16(0).u32(5).address(5, address))
                        .finish(1, 0),
                new MessageWriter(2, 0x200).u32(-1).u32(16).u32(0).u32(0).u32(0).text(1, "words").finish(1, 0),
                transaction.messages().get(0).finish(1, 0), transaction.messages().get(1).finish(2, 0));
        return Arbitraries.of(originals)
                .flatMap(original -> Arbitraries
                        .maps(Arbitraries.integers().between(0, original.length - 1), Arbitraries.bytes())
                        .ofMaxSize(4)
                        .map(changes -> {
                            byte[] changed = original.clone();
                            changes.forEach((at, value) -> changed[at] = value);
                            return changed;
                        }));
    }
}
