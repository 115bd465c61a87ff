package io.pptpoperator.dataplane.interop.lab;

import java.nio.file.Path;
import java.util.List;

/** How the program under test is started. */
final class Launcher {

    private Launcher() {}

    /**
     * The command line without its arguments: the packaged program, unless the property {@code interop.launcher} names
     * another one.
     */
    static List<String> command() {
        String given = System.getProperty("interop.launcher", "");
        if (!given.isBlank()) {
            return List.of(given.strip().split("\\s+"));
        }
        Path jar = Path.of(System.getProperty("basedir", ""), "target", "pptp-dataplane.jar").toAbsolutePath();
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString());
    }
}
