package io.pptpoperator.protocol.tunnel;

import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.gre.ReorderSlab;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One end of a tunnel that keeps what comes out of it. */
final class End implements TunnelSink<TunnelState> {
    static final int WINDOW = 16;
    static final int PATIENCE = 50;
    private static final int ROOM = 2048;
    private static final byte[] ONE_WAY = new byte[16];
    private static final byte[] OTHER_WAY = new byte[16];

    static {
        Arrays.fill(ONE_WAY, (byte) 0x51);
        Arrays.fill(OTHER_WAY, (byte) 0x72);
    }

    private final MppeStartKeys keys;
    private final TunnelReceiver<TunnelState> receiver = new TunnelReceiver<>(this, 4, ByteBuffer.allocateDirect(ROOM),
            3);
    private final TunnelSender sender = new TunnelSender(4);
    final TunnelState state;
    final List<byte[]> ip = new ArrayList<>();
    final List<byte[]> frames = new ArrayList<>();
    final List<byte[]> framesOutOfOrder = new ArrayList<>();
    final List<TunnelDrop> drops = new ArrayList<>();
    int encrypted;
    int held;
    int resetsNeeded;
    int hopeless;
    long now = 1_000;

    private End(boolean encryptionRequired, MppeStartKeys keys) {
        this.keys = keys;
        this.state = new TunnelState(7, encryptionRequired,
                new ReceiveWindow(new ReorderSlab(64, ROOM), WINDOW, PATIENCE));
    }

    static End server(boolean encryptionRequired) {
        return new End(encryptionRequired,
                new MppeStartKeys(ONE_WAY, OTHER_WAY, Arrays.copyOf(ONE_WAY, 8), Arrays.copyOf(OTHER_WAY, 8)));
    }

    static End client(boolean encryptionRequired) {
        return new End(encryptionRequired,
                new MppeStartKeys(OTHER_WAY, ONE_WAY, Arrays.copyOf(OTHER_WAY, 8), Arrays.copyOf(ONE_WAY, 8)));
    }

    void decrypt(MppeParameters parameters) {
        state.decrypt(keys.decryptor(parameters));
    }

    void encrypt(MppeParameters parameters) {
        state.encrypt(keys.encryptor(parameters));
    }

    /** The GRE packet with this IP packet in it. */
    byte[] packet(byte[] ipPacket) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(TunnelSender.MOST_HEADERS + ipPacket.length);
        buffer.put(sender.beginIp(state, buffer, 0), ipPacket);
        int length = sender.endIp(state, ipPacket.length, now);
        sender.finish();
        return bytes(buffer, 0, length);
    }

    /** The GRE packet with this PPP frame in it. */
    byte[] frame(byte[] frame) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(GreHeader.DATA_WITH_ACK_LENGTH + frame.length);
        return bytes(buffer, 0, sender.frame(state, buffer, 0, frame, now));
    }

    /** The GRE packet with this IP packet in clear in it, whatever was agreed. */
    byte[] packetInClear(byte[] ipPacket) {
        return frame(new PppFrame(PppProtocol.IPV4, ipPacket).encode(false, false));
    }

    byte[] acknowledgment() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(GreHeader.ACK_LENGTH);
        return bytes(buffer, 0, sender.acknowledgment(state, buffer, 0));
    }

    void receive(byte[]... packets) {
        for (byte[] packet : packets) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(packet.length).put(0, packet);
            receiver.receive(state, buffer, 0, GreHeader.validate(buffer, 0, packet.length), now);
        }
        receiver.finish(now);
    }

    void expire() {
        receiver.expire(state, now);
    }

    /** What the packet carries: a protocol number. */
    static int protocolIn(byte[] packet) {
        ByteBuffer buffer = ByteBuffer.wrap(packet);
        return PppFrame.protocolAt(buffer, GreHeader.validate(buffer, 0, packet.length), packet.length);
    }

    static byte[] ipPacket(int length, int filling) {
        byte[] packet = new byte[length];
        Arrays.fill(packet, (byte) filling);
        packet[0] = 0x45;
        packet[2] = (byte) (length >> 8);
        packet[3] = (byte) length;
        return packet;
    }

    private static byte[] bytes(ByteBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.get(offset, bytes);
        return bytes;
    }

    @Override
    public void ip(TunnelState tunnel, ByteBuffer packet, int offset, int length, boolean cameEncrypted, long at) {
        ip.add(bytes(packet, offset, length));
        encrypted += cameEncrypted ? 1 : 0;
    }

    @Override
    public void controlFrame(TunnelState tunnel, ByteBuffer packet, int offset, int length, boolean inOrder, long at) {
        (inOrder ? frames : framesOutOfOrder).add(bytes(packet, offset, length));
    }

    @Override
    public void resetNeeded(TunnelState tunnel) {
        resetsNeeded++;
    }

    @Override
    public void hopeless(TunnelState tunnel) {
        hopeless++;
    }

    @Override
    public void held(TunnelState tunnel) {
        held++;
    }

    @Override
    public void dropped(TunnelState tunnel, TunnelDrop cause) {
        drops.add(cause);
    }
}
