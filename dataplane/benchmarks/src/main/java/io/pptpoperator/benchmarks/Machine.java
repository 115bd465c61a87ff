package io.pptpoperator.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the results depend on. */
final class Machine {

    private Machine() {}

    /**
     * Date, processor, kernel, Java, how busy the machine is, and the peers' versions, in Markdown.
     *
     * @param wireGuard the newest wireguard-go, in a folder named after its version
     */
    static String describe(Optional<Path> wireGuard) throws IOException {
        String model = first(Path.of("/proc/cpuinfo"), "model name").map(line -> line.split(":", 2)[1].strip())
                .orElse(System.getProperty("os.arch"));
        String memory = first(Path.of("/proc/meminfo"), "MemTotal").map(line -> line.replaceAll("\\D", ""))
                .map(kilobytes -> Long.parseLong(kilobytes) / 1_000_000 + " GB")
                .orElse("unknown memory");
        String number = List.of("cpu family", "model", "stepping")
                .stream()
                .map(name -> name.replace("cpu ", "") + " " + processor(name))
                .collect(Collectors.joining(", "));
        String averages = Files.readString(Path.of("/proc/loadavg"));
        String load = averages.substring(0, averages.indexOf(' '));
        return String.join("\n",
                List.of("- measured on " + LocalDate.now(ZoneOffset.UTC),
                        "- " + Runtime.getRuntime().availableProcessors() + " cores, " + model + " (" + number + "), "
                                + memory,
                        "- Linux " + System.getProperty("os.version") + ", Java "
                                + System.getProperty("java.vm.version"),
                        "- load average when it began: " + load + " (other work on the machine; the less the better)",
                        "- Debian packages: wireguard-go " + version("wireguard-go") + ", openvpn " + version("openvpn")
                                + ", iperf3 " + version("iperf3"),
                        wireGuard
                                .map(program -> "- newest wireguard-go: golang.zx2c4.com/wireguard "
                                        + program.getParent().getFileName())
                                .orElse("- no newer wireguard-go"),
                        ""));
    }

    /** What the first processor's line of that name says. */
    private static String processor(String name) {
        try {
            return first(Path.of("/proc/cpuinfo"), name + "\t").map(line -> line.split(":", 2)[1].strip())
                    .orElse("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> first(Path file, String start) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(start)).findFirst();
        }
    }

    private static String version(String debianPackage) throws IOException {
        Process query = new ProcessBuilder("dpkg-query", "-W", "-f", "${Version}", debianPackage)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String version = new String(query.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return version.isBlank() ? "of unknown version" : version;
    }
}
