package io.pptpoperator.dataplane.interop.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the lab needs of the machine. */
final class LabRequirements {

    /** Programs, and the Debian packages that have them. */
    private static final Map<String, String> PROGRAMS = programs();
    private static final List<Path> SEARCHED = Stream
            .concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin"))
            .map(Path::of)
            .toList();

    private LabRequirements() {}

    private static Map<String, String> programs() {
        var programs = new LinkedHashMap<String, String>();
        programs.put("linux.uml", "user-mode-linux");
        programs.put("depmod", "kmod");
        programs.put("pppd", "ppp");
        programs.put("pptp", "pptp-linux");
        programs.put("pptpd", "pptpd");
        programs.put("ip", "iproute2");
        programs.put("nft", "nftables");
        programs.put("dnsmasq", "dnsmasq-base");
        programs.put("tcpdump", "tcpdump");
        programs.put("tshark", "tshark");
        programs.put("curl", "curl");
        programs.put("socat", "socat");
        programs.put("ping", "iputils-ping");
        return programs;
    }

    /** What is missing, as a sentence that says how to get it; empty when nothing is. */
    static Optional<String> missing() {
        if (!isRoot()) {
            return Optional.of("The interop lab makes network namespaces and needs root; run the tests as root.");
        }
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            return Optional.of("The interop lab needs /dev/net/tun, which this machine does not have.");
        }
        if (ModuleLayer.boot().findModule("jdk.httpserver").isEmpty()) {
            return Optional.of("The interop lab needs the module jdk.httpserver, part of a full JDK, in "
                    + System.getProperty("java.home") + ".");
        }
        List<String> absent = PROGRAMS.keySet().stream().filter(program -> !isInstalled(program)).toList();
        if (absent.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("The interop lab needs " + String.join(", ", absent) + ". On Debian: apt-get install "
                + String.join(" ", absent.stream().map(PROGRAMS::get).toList()));
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            throw new UncheckedIOException("Could not tell whether this is root", e);
        }
    }

    private static boolean isInstalled(String program) {
        return SEARCHED.stream().anyMatch(directory -> Files.isExecutable(directory.resolve(program)));
    }
}
