package io.pptpoperator.dataplane.interop.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What passes an interface: written by tcpdump, read by tshark, whose dissectors know nothing of our code. */
public final class PacketCapture implements AutoCloseable {

    private static final int MOST_PACKETS = 20_000;
    /**
     * Packets that tshark could not dissect, or about which it reports an error (PI_ERROR, 0x00800000). In PPP it calls
     * even an option that runs past its packet a mere warning (PI_WARN, 0x00600000); but of TCP and ICMP inside an
     * unencrypted tunnel it warns when they only saw a loss.
     */
    private static final String MALFORMED = "(_ws.malformed or _ws.expert.severity >= 0x00800000"
            + " or (gre and not tcp and not icmp and _ws.expert.severity >= 0x00600000))";

    private static final Pattern STATISTICS = Pattern
            .compile("(\\d+) packets? captured, (\\d+) packets? received by filter, (\\d+) packets? dropped");

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
        return start(where, interfaceName, file, filter, MOST_PACKETS);
    }

    /** Captures up to so many packets, and returns once the capture runs. */
    public static PacketCapture start(Namespace where, String interfaceName, Path file, String filter, int most) {
        LabProcess tcpdump = LabProcess.start("tcpdump", file.resolveSibling(file.getFileName() + ".log"),
                where.inside(List.of("tcpdump", "-Z", "root", "-U", "--immediate-mode", "-s", "2048", "-B", "32768",
                        "-n", "-i", interfaceName, "-c", Integer.toString(most), "-w", file.toString(), filter)));
        tcpdump.output().await("listening on", Await.PATIENCE);
        return new PacketCapture(file, tcpdump);
    }

    /** The packets that a display filter of tshark matches, one line each; ends the capture. */
    public List<String> packets(String displayFilter) {
        end();
        return read(file, displayFilter);
    }

    /** The packets from an address that tshark calls malformed, one line each; ends the capture. */
    public List<String> malformedFrom(String address) {
        end();
        return malformedFrom(address, file);
    }

    /** The packets from an address in a capture file that tshark calls malformed, one line each. */
    public static List<String> malformedFrom(String address, Path file) {
        return read(file, "ip.src == " + address + " and " + MALFORMED);
    }

    private static List<String> read(Path file, String displayFilter) {
        return Command.must("tshark", "-n", "-r", file.toString(), "-Y", displayFilter)
                .lines()
                .filter(line -> !line.startsWith("Running as user"))
                .toList();
    }

    @Override
    public void close() {
        end();
    }

    /** Ends the capture; what was captured can still be read. */
    public void end() {
        if (tcpdump.isAlive()) {
            Await.until("tcpdump has written all that the kernel has seen", Await.PATIENCE, this::isUpToDate);
            tcpdump.signal("INT");
            tcpdump.awaitExit(Await.PATIENCE);
        }
    }

    private boolean isUpToDate() {
        int before = tcpdump.output().size();
        tcpdump.signal("USR1");
        try {
            var statistics = STATISTICS
                    .matcher(tcpdump.output().awaitFrom(before, STATISTICS.pattern(), Await.PATIENCE));
            return statistics.find() && Integer.parseInt(statistics.group(1))
                    + Integer.parseInt(statistics.group(3)) == Integer.parseInt(statistics.group(2));
        } catch (LabException e) {
            if (tcpdump.isAlive()) {
                throw e;
            }
            return true; // It had its 20,000 packets and ended just now.
        }
    }
}
