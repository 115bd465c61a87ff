package io.pptpoperator.dataplane.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The effective capabilities of a process (capabilities(7)).
 *
 * @param effective bit {@code n} stands for capability number {@code n} of linux/capability.h
 */
public record Capabilities(long effective) {

    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_NET_RAW = 13;

    /** Those of this process, from {@code /proc/self/status}. */
    public static Capabilities ofThisProcess() {
        try {
            return parse(Files.readAllLines(Path.of("/proc/self/status")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /proc/self/status: mount /proc", e);
        }
    }

    /**
     * Reads the lines of a process's status file.
     *
     * @throws IllegalArgumentException when none of them is {@code CapEff:} with a hexadecimal number
     */
    static Capabilities parse(List<String> status) {
        for (String line : status) {
            if (line.matches("CapEff:\\s*[0-9a-fA-F]{1,16}\\s*")) {
                return new Capabilities(Long.parseUnsignedLong(line.substring(line.indexOf(':') + 1).strip(), 16));
            }
        }
        throw new IllegalArgumentException("the process status has no line 'CapEff:' with a hexadecimal number");
    }

    /** Whether links, addresses, routes and firewall rules may be changed. */
    public boolean netAdmin() {
        return (effective >>> CAP_NET_ADMIN & 1) != 0;
    }

    /** Whether raw sockets may be opened. */
    public boolean netRaw() {
        return (effective >>> CAP_NET_RAW & 1) != 0;
    }
}
