package io.pptpoperator.dataplane.interop.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What passes an interface: written by tcpdump, read by tshark, whose dissectors know nothing of our code. */
public final class PacketCapture implements AutoCloseable {

    // tshark needs about a second for ten thousand packets.
    private static final int MOST_PACKETS = 20_000;
    private static final Duration START = Duration.ofSeconds(10);
    /**
     * Packets that tshark could not dissect or about which it has an error to report (PI_ERROR is 0x00800000; below
     * it are warnings and notes such as a TCP retransmission).
     */
    private static final String MALFORMED = "(_ws.malformed or _ws.expert.severity >= 8388608)";

    private final Path file;
    private final LabProcess tcpdump;

    private PacketCapture(Path file, LabProcess tcpdump) {
        this.file = file;
        this.tcpdump = tcpdump;
    }

    /**
     * Captures up to 20,000 packets and returns once the capture runs.
     *
     * @param where  namespace of the interface
     * @param file   capture file
     * @param filter in the language of pcap-filter(7)
     */
    public static PacketCapture start(Namespace where, String interfaceName, Path file, String filter) {
        LabProcess tcpdump = LabProcess.start("tcpdump", file.resolveSibling(file.getFileName() + ".log"),
                where.inside(List.of("tcpdump", "-Z", "root", "-U", "-n", "-i", interfaceName, "-c",
                        Integer.toString(MOST_PACKETS), "-w", file.toString(), filter)));
        tcpdump.output().await("listening on", START);
        return new PacketCapture(file, tcpdump);
    }

    /** The packets that a display filter of tshark matches, one line each; ends the capture. */
    public List<String> packets(String displayFilter) {
        close();
        return Command.must("tshark", "-n", "-r", file.toString(), "-Y", displayFilter).lines()
                .filter(line -> !line.startsWith("Running as user")).toList();
    }

    /** The packets from an address that tshark calls malformed, one line each; ends the capture. */
    public List<String> malformedFrom(String address) {
        return packets("ip.src == " + address + " and " + MALFORMED);
    }

    /** Ends the capture; what was captured can still be read. */
    @Override
    public void close() {
        if (tcpdump.isAlive()) {
            tcpdump.interrupt();
            tcpdump.awaitExit(START);
        }
    }
}
