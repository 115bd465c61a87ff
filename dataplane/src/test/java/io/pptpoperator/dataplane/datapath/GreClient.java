package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.mppe.MppeVerdict;
import io.pptpoperator.protocol.mppe.MppeWorkspace;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One client of a {@link DatapathLab}: its end of the tunnel on the wire, and the server's end to steer. */
final class GreClient {
    /** Clients' own Call IDs begin here. */
    static final int CALL_ID = 0x4000;

    private static final HexFormat HEX = HexFormat.of();
    private static final int ROOM = 2048;

    private final GreEnd end;
    private final Ipv4Address from;
    private final int callId;
    private final byte[] serverSends = new byte[16];
    private final byte[] clientSends = new byte[16];
    private final MppeWorkspace workspace = new MppeWorkspace();
    private MppeEncryptor encryptor;
    private MppeDecryptor decryptor;
    private int sequence;

    /** The server's end. */
    final TunnelHandle tunnel;
    final Frames frames;

    GreClient(GreEnd end, Ipv4Address from, int callId, TunnelHandle tunnel, Frames frames) {
        this.end = end;
        this.from = from;
        this.callId = callId;
        this.tunnel = tunnel;
        this.frames = frames;
        Arrays.fill(serverSends, (byte) tunnel.callId());
        Arrays.fill(clientSends, (byte) ~tunnel.callId());
    }

    static byte[] hex(String text) {
        return HEX.parseHex(text.replace(" ", ""));
    }

    // The server's end.

    /** Gives both ends keys: MPPE with 128 bits, stateless. */
    void encrypt() {
        encrypt(new MppeParameters(128, true));
    }

    void encrypt(MppeParameters parameters) {
        MppeStartKeys server = new MppeStartKeys(serverSends, clientSends, null, null);
        tunnel.decrypt(server.decryptor(parameters));
        tunnel.encrypt(server.encryptor(parameters));
        awaitWorker();
        MppeStartKeys client = new MppeStartKeys(clientSends, serverSends, null, null);
        encryptor = client.encryptor(parameters);
        decryptor = client.decryptor(parameters);
    }

    /** Waits until the worker has done what it was told. */
    void awaitWorker() {
        state();
    }

    /** What the worker has of the tunnel, once it has done what it was told. */
    private WorkerTunnel state() {
        CompletableFuture<WorkerTunnel> reached = new CompletableFuture<>();
        tunnel.tell(reached::complete);
        return reached.orTimeout(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Where a packet socket may send to the client right now; null while it must not. */
    NextHop nextHop() {
        return state().nextHop();
    }

    /** The client's address inside, while its network is open. */
    Ipv4Address address() {
        return state().network().clientAddress();
    }

    void openNetwork(Ipv4Address address, Ipv4Prefix... routes) {
        tunnel.openNetwork(new TunnelNetwork(address, List.of(routes), DatapathLab.MTU, DatapathLab.MSS));
    }

    /** Leaves the client's end to a device of its host. */
    GreRelay relay(NetworkNamespace host, String device, Ipv4Address address) {
        return GreRelay.start(host, device, address, from, callId, tunnel.callId(), encryptor, decryptor);
    }

    // The client's end.

    /** Sends whatever it is, from its GRE header on. */
    void sendRaw(byte[] packet) {
        end.send(from, DatapathLab.SERVER, packet);
    }

    /** Sends a PPP frame under a sequence number of one's own choice. */
    void sendFrame(int number, byte[] frame) {
        ByteBuffer packet = ByteBuffer.allocate(12 + frame.length);
        packet.putInt(0, 0x3001_880b).putShort(4, (short) frame.length).putShort(6, (short) tunnel.callId());
        packet.putInt(8, number).put(12, frame);
        sendRaw(packet.array());
        sequence = number + 1;
    }

    void sendFrame(byte[] frame) {
        sendFrame(sequence, frame);
    }

    /** The next sequence number. */
    int sequence() {
        return sequence;
    }

    /** Sends IP as the tunnel demands: encrypted once there are keys. */
    void sendIp(byte[] packet) {
        sendFrame(encryptor == null ? frameInClear(packet) : encrypted(packet));
    }

    static byte[] frameInClear(byte[] packet) {
        return ByteBuffer.allocate(4 + packet.length).putInt(0, 0xff03_0021).put(4, packet).array();
    }

    /** The next encrypted frame for this IP packet. */
    byte[] encrypted(byte[] packet) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(ROOM)
                .putInt(0, 0xff03_00fd)
                .putShort(6, (short) 0x0021)
                .put(8, packet);
        encryptor.encrypt(buffer, 4, 4 + packet.length, workspace);
        byte[] frame = new byte[8 + packet.length];
        buffer.get(0, frame);
        return frame;
    }

    /** The next GRE packet. */
    GreEnd.Packet next() {
        return end.receive(callId, Await.PATIENCE.toMillis())
                .orElseThrow(() -> new AssertionError("no GRE packet came"));
    }

    /** The next GRE packet with data. */
    GreEnd.Packet nextData() {
        GreEnd.Packet packet = next();
        while (!packet.hasData()) {
            packet = next();
        }
        return packet;
    }

    /** The next IP packet, decrypted where there are keys. */
    byte[] nextIp() {
        GreEnd.Packet packet = nextData();
        byte[] frame = packet.payload();
        assertThat(frame).startsWith(0xff, 0x03, 0x00, decryptor == null ? 0x21 : 0xfd);
        if (decryptor == null) {
            return Arrays.copyOfRange(frame, 4, frame.length);
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(frame.length).put(0, frame);
        assertThat(decryptor.decrypt(buffer, 4, frame.length - 4, packet.sequence(), workspace))
                .isEqualTo(MppeVerdict.OK);
        assertThat(buffer.getShort(6)).isEqualTo((short) 0x0021);
        byte[] ip = new byte[frame.length - 8];
        buffer.get(8, ip);
        return ip;
    }
}
