package io.pptpoperator.dataplane.conformance;

import io.pptpoperator.dataplane.interop.lab.Pppd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The implementations of PPTP that are not this project's, and that its tests speak with. */
public enum Foreign {
    /** A Linux kernel's MPPE under pppd and pptp-linux, in a guest of the lab. */
    PPTP_LINUX("pptp-linux",
            () -> "pppd " + Pppd.version() + ", pptp " + version("pptp", "--version") + ", Linux " + guestKernel()),
    /** What Windows sends, byte by byte. */
    WINDOWS("Windows, its bytes replayed", () -> "10"),
    /** What Android's old client sends, byte by byte. */
    ANDROID("Android, its bytes replayed", () -> "up to 11 (mtpd, pppd 2.4)"),
    /** The server that this project's client dials. */
    PPTPD("pptpd, dialled by `connect`", () -> "pptpd " + version("pptpd", "--version") + ", pppd " + Pppd.version());

    private static final Pattern NUMBER = Pattern.compile("v?(\\d+(\\.\\d+)+)");

    private final String title;
    @SuppressWarnings("ImmutableEnumChecker") // the suppliers have no state
    private final Supplier<String> version;

    Foreign(String title, Supplier<String> version) {
        this.title = title;
        this.version = version;
    }

    /** Its name. */
    String title() {
        return title;
    }

    /** Its version on this machine. */
    String version() {
        return version.get();
    }

    private static String version(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            var number = NUMBER.matcher(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            return number.find() ? number.group(1) : "of unknown version";
        } catch (IOException e) {
            throw new UncheckedIOException("Could not ask for the version of " + command[0], e);
        }
    }

    private static String guestKernel() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/uml/modules"))) {
            return versions.map(path -> path.getFileName().toString()).sorted().collect(Collectors.joining(" or "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
