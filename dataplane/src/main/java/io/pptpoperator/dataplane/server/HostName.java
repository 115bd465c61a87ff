package io.pptpoperator.dataplane.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine is called. */
final class HostName {
    private static final Path KERNELS = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** The kernel's name of it: no name server is asked. */
    static String get() {
        try {
            return Files.readString(KERNELS).strip();
        } catch (IOException e) {
            return "pptp";
        }
    }
}
