package io.pptpoperator.protocol.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The PPP frames in a capture of one PPTP call, in a little-endian pcap file of Ethernet frames. */
public final class CaptureFile {
    private static final int CLIENT = 0x0a090002;
    private static final int PCAP_HEADER = 24;
    private static final int ETHERNET_HEADER = 14;
    private static final int GRE = 47;

    /**
     * One PPP frame.
     *
     * @param fromClient its direction
     * @param sequence its GRE sequence number
     * @param protocol its PPP protocol number
     * @param information what follows that
     */
    public record Frame(boolean fromClient, int sequence, int protocol, byte[] information) {}

    private CaptureFile() {}

    /** Reads {@code captures/<name>.pcap}. */
    public static List<Frame> read(String name) {
        try (InputStream file = CaptureFile.class.getResourceAsStream("/captures/" + name + ".pcap")) {
            return frames(ByteBuffer.wrap(file.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Frame> frames(ByteBuffer pcap) {
        List<Frame> frames = new ArrayList<>();
        int record = PCAP_HEADER;
        while (record < pcap.capacity()) {
            int length = pcap.getInt(record + 8);
            byte[] ethernet = new byte[length];
            pcap.get(record + 16, ethernet);
            addFrame(frames, ByteBuffer.wrap(ethernet));
            record += 16 + length;
        }
        return frames;
    }

    private static void addFrame(List<Frame> frames, ByteBuffer ethernet) {
        int ip = ETHERNET_HEADER;
        if (ethernet.getShort(12) != 0x0800 || ethernet.get(ip + 9) != GRE) {
            return;
        }
        int gre = ip + (ethernet.get(ip) & 0x0f) * 4;
        int flags = ethernet.getShort(gre);
        int length = ethernet.getShort(gre + 4);
        if ((flags & 0x1000) == 0) {
            return;
        }
        int ppp = gre + 12 + ((flags & 0x0080) != 0 ? 4 : 0);
        int end = ppp + length;
        if (ethernet.getShort(ppp) == (short) 0xff03) {
            ppp += 2;
        }
        int protocol = ethernet.get(ppp++) & 0xff;
        if ((protocol & 1) == 0) {
            protocol = protocol << 8 | ethernet.get(ppp++) & 0xff;
        }
        byte[] information = new byte[end - ppp];
        ethernet.get(ppp, information);
        frames.add(new Frame(ethernet.getInt(ip + 12) == CLIENT, ethernet.getInt(gre + 8), protocol, information));
    }
}
