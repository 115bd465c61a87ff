package io.pptpoperator.dataplane.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A socket that puts finished IP packets on a link (packet(7)) and receives none. It costs the kernel little more than
 * half of what a raw IP socket does, because it passes by routing, neighbours, netfilter and fragmentation; all of that
 * is then the sender's business. Queueing disciplines still apply: PACKET_QDISC_BYPASS would save some more, but take
 * the administrator's traffic shaping away.
 */
public final class PacketSocket implements AutoCloseable {

    private static final Path DEFAULT_TIME_TO_LIVE = Path.of("/proc/sys/net/ipv4/ip_default_ttl");
    private static final int USUAL_TIME_TO_LIVE = 64;

    private final KernelSocket socket;
    private final int timeToLive;

    private PacketSocket(KernelSocket socket, int timeToLive) {
        this.socket = socket;
        this.timeToLive = timeToLive;
    }

    /**
     * Opens a socket.
     *
     * @param bufferBytes size of the kernel's send buffer, granted as far as allowed
     * @throws LinuxException when the kernel refuses, saying what to do
     */
    public static PacketSocket open(int bufferBytes) {
        // Protocol 0: a socket that has none never receives.
        KernelSocket socket = KernelSocket.open("packet socket", Libc.AF_PACKET, Libc.SOCK_DGRAM, 0);
        socket.setBuffers(bufferBytes);
        return new PacketSocket(socket, defaultTimeToLive());
    }

    private static int defaultTimeToLive() {
        try {
            // By lines, which takes the whole file in one go: of a setting the kernel tells nothing in a second read, and
            // Files.readString begins with a single byte where a file's size is 0.
            return Integer.parseInt(Files.readAllLines(DEFAULT_TIME_TO_LIVE).getFirst().strip());
        } catch (IOException | NumberFormatException e) {
            return USUAL_TIME_TO_LIVE;
        }
    }

    /** The time to live of this host's packets. */
    int timeToLive() {
        return timeToLive;
    }

    int fd() {
        return socket.fd();
    }

    /** Closes the socket; doing so again has no effect. */
    @Override
    public void close() {
        socket.close();
    }
}
