package io.pptpoperator.benchmarks.soak;

import io.pptpoperator.benchmarks.lab.DataplaneProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/** The files of the server that is soaked, which change again and again, and never concern anybody who is connected. */
final class SoakConfiguration {
    static final String PASSWORD = "right";

    private final Path folder;
    private final Scale scale;
    private int number;

    SoakConfiguration(Path folder, Scale scale) {
        this.folder = folder;
        this.scale = scale;
    }

    Path folder() {
        return folder;
    }

    /** Writes another one than before. */
    void writeNext() {
        number++;
        write(number);
    }

    /** Every number makes another configuration. */
    void write(int which) {
        replace(folder.resolve("server.yaml"), String.format(Locale.ROOT, """
                localIP: 10.64.0.1
                pools: ["10.64.0.2-10.64.63.254"]
                nat: {uplink: wire}
                drainTimeout: %ds
                keepalive: {interval: %ds, failures: 3, controlInterval: %ds}
                limits: {maxSessions: %d, pendingConnections: 5000, connectionsPerSource: 10000,
                         connectionsPerSecond: 10000}
                """, 10 + which % 7, scale.echoSeconds(), 2 * scale.echoSeconds(), 9_000 + which % 11));
        StringBuilder users = new StringBuilder("users:\n");
        add(users, "staying", scale.staying());
        add(users, "churning", scale.churning());
        add(users, "mortal", scale.mortal());
        add(users, "guessing", scale.guessing());
        add(users, "bystander" + which + "x", which % 5);
        replace(folder.resolve("users.yaml"), users.toString());
    }

    private static void add(StringBuilder users, String name, int count) {
        for (int i = 0; i < count; i++) {
            users.append(String.format(Locale.ROOT, "  - {username: %s%05d, password: \"%s\"}%n", name, i, PASSWORD));
        }
    }

    /** At once, so that the server never reads half a file. */
    private static void replace(Path file, String text) {
        Path written = DataplaneProgram.write(file.resolveSibling("." + file.getFileName() + ".new"), text);
        try {
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
