package io.pptpoperator.dataplane.radius;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The FreeRADIUS that docs/radius.md describes, with its files as they stand there: only address and ports are others. */
public final class DocumentedFreeRadius {

    /** What the page's clients know. */
    public static final String SECRET = "the Secret's text";

    private static final Path PACKAGE = Path.of("/etc/freeradius/3.0");
    private static final Pattern FILE = Pattern.compile("```freeradius (\\S+)\n(.*?)```", Pattern.DOTALL);

    private DocumentedFreeRadius() {}

    /**
     * Starts it, and waits until it serves.
     *
     * @param page docs/radius.md
     * @param folder an empty one
     * @param clients whose requests it takes, instead of the page's network
     * @param users more users than the page has
     * @param where makes the command that starts it somewhere else of the one that starts it here
     */
    public static FreeRadius start(Path page, Path folder, int port, String clients, String users,
            UnaryOperator<List<String>> where) throws IOException {
        Path raddb = folder.resolve("raddb");
        copy(PACKAGE, raddb);
        // What a package's server writes, and as whom, does not belong to what is described.
        Path main = raddb.resolve("radiusd.conf");
        Files.writeString(main,
                Files.readString(main)
                        .replaceAll("(?m)^raddbdir = .*$", "raddbdir = " + raddb)
                        .replaceAll("(?m)^logdir = .*$", "logdir = " + folder)
                        .replaceAll("(?m)^run_dir = .*$", "run_dir = " + folder)
                        .replaceAll("(?m)^\\s*(user|group) = freerad$", ""));
        Files.createDirectories(folder.resolve("radacct"));
        Files.deleteIfExists(raddb.resolve("sites-enabled/inner-tunnel"));
        var written = new TreeSet<String>();
        FILE.matcher(Files.readString(page)).results().forEach(it -> {
            written.add(it.group(1));
            write(raddb.resolve(it.group(1)),
                    it.group(2)
                            .replace("port = 1812", "port = " + port)
                            .replace("port = 1813", "port = " + (port + 1))
                            .replace("10.0.0.0/24", clients)
                            + (it.group(1).endsWith("/authorize") ? "\n" + users : ""));
        });
        if (!written.containsAll(List.of("clients.conf", "sites-enabled/default", "mods-enabled/mschap"))) {
            throw new AssertionError(page + " has the files " + written + " alone");
        }
        return FreeRadius.run(raddb, folder.resolve("radacct"), port, where);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each) && !Files.isSymbolicLink(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
    }

    private static void write(Path file, String text) {
        try {
            // One of the package's is a link to a file of all that there are.
            Files.deleteIfExists(file);
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
