package io.pptpoperator.dataplane.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** What becomes of XDP sockets where little memory may be locked, or capabilities are missing. */
class XdpMemoryIT {

    /** Opens the sockets of so many workers, in a process of its own, and says what came of it. */
    static final class Opening {
        public static void main(String[] workers) {
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                Link link = rtnetlink.link("cable").orElseThrow();
                try (XdpLink sockets = XdpLink.open(link.index(), link.hardwareAddress().orElseThrow(),
                        Integer.parseInt(workers[0]))) {
                    System.out.println("locked " + sockets.lockedBytes() / 1_024 + " KB");
                }
            } catch (LinuxException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    private static String open(String capabilities, int limitKilobytes, int workers) {
        Requirement.root();
        Requirement.programs("ip", "setpriv", "prlimit");
        try (NetworkNamespace namespace = new NetworkNamespace()) {
            namespace.command("ip", "link", "add", "cable", "type", "veth", "peer", "name", "other");
            namespace.command("ip", "link", "set", "cable", "up");
            String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            return namespace.command("prlimit", "--memlock=" + limitKilobytes * 1_024, "setpriv",
                    "--bounding-set=-all," + capabilities, "--inh-caps=-all", java, "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp", classPath(),
                    Opening.class.getName(), Integer.toString(workers));
        }
    }

    /** Where the classes that the process needs come from, whatever runs this test. */
    private static String classPath() {
        return Stream.of(XdpMemoryIT.class, XdpLink.class, Ipv4Address.class, Native.class, LoggerFactory.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .distinct()
                .collect(Collectors.joining(":"));
    }

    /** Two megabytes for each worker, half of it, and so on. */
    @ParameterizedTest
    @CsvSource({"8192, 1, 2048", "8192, 4, 8192", "8192, 16, 8192", "3000, 1, 2048", "3000, 2, 2048", "300, 1, 256"})
    void whatMayBeLockedIsSharedByAllWorkers(int limit, int workers, int locked) {
        assertThat(open("+net_raw", limit, workers)).contains("locked " + locked + " KB");
    }

    @Test
    void tooLittleIsRefusedAndSaidHowToMend() {
        assertThat(open("+net_raw", 100, 1)).contains("refused:", "RLIMIT_MEMLOCK");
    }

    @Test
    void whoMayLockMemoryHasNoLimit() {
        assertThat(open("+net_raw,+ipc_lock", 100, 1)).contains("locked 2048 KB");
    }

    @Test
    void withoutNetRawThereAreNone() {
        assertThat(open("+net_admin", 8_192, 1)).contains("refused:", "CAP_NET_RAW");
    }
}
