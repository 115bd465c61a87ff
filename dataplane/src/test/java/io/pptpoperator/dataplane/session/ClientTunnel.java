package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.gre.GreState;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.gre.ReorderSlab;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import io.pptpoperator.protocol.mppe.MppeHeader;
import io.pptpoperator.protocol.mppe.MppeVerdict;
import io.pptpoperator.protocol.mppe.MppeWorkspace;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A client's end of the tunnel: GRE numbers and MPPE around what PPP and IP hand it. */
final class ClientTunnel {
    private static final int ROOM = 2048;

    private final PeerLine line;
    private final int serverCallId;
    private final Consumer<byte[]> control;
    private final Consumer<byte[]> ip;
    private final Runnable resetNeeded;
    private GreState gre = new GreState();
    private final ReceiveWindow window = new ReceiveWindow(new ReorderSlab(64, ROOM), 0, 0);
    private final MppeWorkspace workspace = new MppeWorkspace();
    private MppeEncryptor encryptor;
    private MppeDecryptor decryptor;
    private long lastDecrypted;
    private boolean acfc;
    private boolean pfc;
    /** IP packets that came in clear, encrypted, and undecipherable. */
    int clear;
    int encrypted;
    int bogus;

    ClientTunnel(PeerLine line, int serverCallId, Consumer<byte[]> control, Consumer<byte[]> ip, Runnable resetNeeded) {
        this.line = line;
        this.serverCallId = serverCallId;
        this.control = control;
        this.ip = ip;
        this.resetNeeded = resetNeeded;
    }

    static int protocolOf(byte[] frame) {
        return PppFrame.protocolAt(ByteBuffer.wrap(frame), 0, frame.length);
    }

    void compress(boolean addressAndControl, boolean protocol) {
        acfc = addressAndControl;
        pfc = protocol;
    }

    void decrypt(MppeDecryptor fresh) {
        decryptor = fresh;
    }

    void encrypt(MppeEncryptor fresh) {
        encryptor = fresh;
    }

    void stopEncryption() {
        encryptor = null;
        decryptor = null;
    }

    /** When an encrypted packet was decrypted last. */
    long lastDecrypted() {
        return lastDecrypted;
    }

    /** Numbers its packets from 0 on again. */
    void numbersAnew() {
        gre = new GreState();
    }

    void resetEncryption() {
        encryptor.reset();
    }

    void receive(byte[] packet, long now) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(packet.length).put(0, packet);
        int header = GreHeader.validate(buffer, 0, packet.length);
        if (header < 0) {
            throw new AssertionError("the server sent a broken GRE packet");
        }
        if (GreHeader.hasSequence(buffer, 0)) {
            int length = GreHeader.payloadLength(buffer, 0);
            int sequence = GreHeader.sequence(buffer, 0);
            if (window.offer(sequence, buffer, header, length, now) == ReceiveWindow.Verdict.DELIVER) {
                gre.oweAck(window.highest(), now);
                deliver(buffer, header, header + length, sequence);
            }
        }
    }

    private void deliver(ByteBuffer packet, int offset, int end, int sequence) {
        int information = PppFrame.informationOffset(packet, offset, end);
        switch (PppFrame.protocolAt(packet, offset, end)) {
            case PppProtocol.IPV4 -> {
                clear++;
                ip.accept(bytes(packet, information, end));
            }
            case PppProtocol.COMPRESSED -> decrypt(packet, information, end, sequence);
            default -> control.accept(bytes(packet, offset, end));
        }
    }

    private void decrypt(ByteBuffer packet, int offset, int end, int sequence) {
        MppeVerdict verdict = decryptor == null
                ? MppeVerdict.BOGUS
                : decryptor.decrypt(packet, offset, end - offset, sequence, workspace);
        switch (verdict) {
            case OK -> {
                lastDecrypted = line.now();
                encrypted++;
                ip.accept(bytes(packet, PppFrame.informationOffset(packet, offset + MppeHeader.LENGTH, end), end));
            }
            case NEEDS_RESET, DISCARDED -> resetNeeded.run();
            case LATE, NOT_ENCRYPTED, BOGUS -> bogus++;
        }
    }

    private static byte[] bytes(ByteBuffer packet, int from, int to) {
        byte[] bytes = new byte[to - from];
        packet.get(from, bytes);
        return bytes;
    }

    void sendIp(byte[] packet) {
        if (encryptor == null) {
            if (decryptor == null) {
                sendClear(packet);
            }
            return; // encryption is under way: nothing passes in clear any more
        }
        ByteBuffer frame = ByteBuffer.allocateDirect(ROOM);
        int information = PppFrame.putHeader(frame, 0, PppProtocol.COMPRESSED, acfc, pfc);
        int inner = PppFrame.putHeader(frame, information + MppeHeader.LENGTH, PppProtocol.IPV4, true, pfc);
        frame.put(inner, packet);
        encryptor.encrypt(frame, information, inner + packet.length - information, workspace);
        sendFrame(bytes(frame, 0, inner + packet.length));
    }

    /** Sends IP without encryption, whatever was agreed. */
    void sendClear(byte[] packet) {
        sendFrame(new PppFrame(PppProtocol.IPV4, packet).encode(acfc, pfc));
    }

    void sendFrame(byte[] frame) {
        long now = line.now();
        ByteBuffer packet = ByteBuffer.allocate(GreHeader.DATA_WITH_ACK_LENGTH + frame.length);
        int sequence = gre.takeSequence(now);
        int header = gre.owesAck()
                ? GreHeader.writeDataWithAck(packet, 0, serverCallId, frame.length, sequence, gre.takeAck())
                : GreHeader.writeData(packet, 0, serverCallId, frame.length, sequence);
        packet.put(header, frame);
        line.gre(bytes(packet, 0, header + frame.length));
    }
}
