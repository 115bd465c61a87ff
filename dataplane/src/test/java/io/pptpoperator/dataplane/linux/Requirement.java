package io.pptpoperator.dataplane.linux;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What an integration test needs of the machine: missing, it skips the test, or fails it where {@code CI=true}. */
public final class Requirement {

    private Requirement() {}

    /** Root with all capabilities. */
    public static void root() {
        check(Capabilities.ofThisProcess().netAdmin() && Capabilities.ofThisProcess().netRaw(),
                "this test needs root: CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN");
    }

    /** Programs on the path. */
    public static void programs(String... names) {
        for (String name : names) {
            check(Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/sbin"))
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, name))),
                    "this test needs the program '" + name + "'");
        }
    }

    private static void check(boolean met, String sentence) {
        if (!met) {
            if ("true".equals(System.getenv("CI"))) {
                fail(sentence);
            }
            abort(sentence);
        }
    }
}
