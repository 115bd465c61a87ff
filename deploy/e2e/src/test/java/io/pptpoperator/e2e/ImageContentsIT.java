package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the images' folders of libraries hold, and under which terms. Needs no cluster. */
final class ImageContentsIT {

    private static final Path PAGE = Repository.path("docs/third-party.md");
    private static final Pattern LIBRARY = Pattern
            .compile("(?m)^([\\w.-]+):([\\w.-]+) (\\S+): ([^(\n]+?)(?: \\(.*\\))?$");

    private static String notices(String module) throws IOException {
        return Files.readString(Repository.path(module + "/target/THIRD-PARTY.txt"));
    }

    private static List<MatchResult> libraries(String module) throws IOException {
        return LIBRARY.matcher(notices(module)).results().toList();
    }

    private static List<String> jars(String module) throws IOException {
        try (Stream<Path> files = Files.list(Repository.path(module + "/target/lib"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Whoever needs one more names it here, and lets the data plane's POM have it. */
    @ParameterizedTest
    @ValueSource(strings = {"dataplane", "operator"})
    void nothingOfNettyIsThereThatNothingUses(String module) throws IOException {
        assertThat(jars(module)).filteredOn(jar -> jar.startsWith("netty-"))
                .extracting(jar -> jar.replaceFirst("-\\d+\\.\\d+.*", ""))
                .containsExactlyInAnyOrder("netty-all", "netty-buffer", "netty-codec-base", "netty-codec-compression",
                        "netty-codec-http", "netty-common", "netty-handler", "netty-resolver", "netty-transport",
                        "netty-transport-classes-epoll", "netty-transport-native-epoll", "netty-transport-native-epoll",
                        "netty-transport-native-unix-common");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dataplane", "operator"})
    void theTermsOfEveryLibraryAreShippedWithIt(String module) throws IOException {
        List<String> listed = libraries(module).stream()
                .map(it -> it.group(2) + "-" + it.group(3) + ".jar")
                .sorted()
                .toList();

        assertThat(jars(module)).filteredOn(jar -> !jar.startsWith("pptp-")).isEqualTo(listed);
        assertThat(notices(module)).contains("Apache License\n                           Version 2.0", "EPL-2.0: http",
                "/opt/java/legal");
        assertThat(Files.readString(Repository.path(module + "/Dockerfile"))).contains("target/THIRD-PARTY.txt");
    }

    @Test
    void thePageListsThemToo() throws IOException {
        var places = new TreeMap<String, TreeSet<String>>();
        for (Map.Entry<String, String> module : Map
                .of("dataplane", "data plane", "operator", "operator", "operator/kubectl-plugin", "kubectl pptp")
                .entrySet()) {
            for (MatchResult library : libraries(module.getKey())) {
                places.computeIfAbsent("`" + library.group(1) + ":" + library.group(2) + "` | " + library.group(4),
                        it -> new TreeSet<>()).add(module.getValue());
            }
        }
        String table = places.entrySet()
                .stream()
                .map(it -> "| " + it.getKey() + " | " + String.join(", ", it.getValue()) + " |\n")
                .collect(Collectors.joining());
        String page = """
                # Others' work in what is shipped

                Generated from the libraries' POMs: `mvn verify -Dit.test=ImageContentsIT -Ddocs.write`. Versions and \
                the texts of all licences are in `/app/THIRD-PARTY.txt` of the images, and in \
                `META-INF/THIRD-PARTY.txt` of the plugin.

                An image also holds a Java runtime (OpenJDK: GPL-2.0 with the Classpath Exception; texts in \
                `/opt/java/legal`) and the base's C library (glibc: LGPL-2.1-or-later).

                | library | licence | in |
                |---|---|---|
                """ + table;
        if (System.getProperty("docs.write") != null) {
            Files.writeString(PAGE, page);
        }

        assertThat(places).hasSizeGreaterThan(40);
        assertThat(PAGE).as("the build with -Ddocs.write brings it up to date").hasContent(page);
    }
}
