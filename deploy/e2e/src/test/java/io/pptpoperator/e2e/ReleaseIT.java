package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.Namespace;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a release consists of, unpacked and used as those do who get it. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@ExtendWith(ReleaseRequirements.class)
final class ReleaseIT {

    private static final Pattern DIGEST = Pattern
            .compile(Pattern.quote(Release.REGISTRY) + "/pptp-(operator|dataplane)@sha256:[0-9a-f]{64}");
    private static final Set<String> IMAGES = Set.of("operator", "dataplane");

    private static Release release;

    @TempDir
    private Path work;

    @BeforeAll
    static void build() {
        Helm.program();
        release = Release.rehearse();
    }

    @Test
    void everyFileHasItsChecksum() throws IOException {
        assertThat(Command.must("sh", "-c", "cd " + release.folder() + " && sha256sum --check SHA256SUMS"))
                .doesNotContain("FAILED");
        Set<String> summed = Files.readAllLines(release.file("SHA256SUMS"))
                .stream()
                .map(line -> line.split("  ", -1)[1])
                .collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(release.folder())) {
            Set<String> there = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("SHA256SUMS"))
                    .collect(Collectors.toSet());
            assertThat(summed).isEqualTo(there)
                    .contains("crds.yaml", "install.yaml", "krew-pptp.yaml", "RELEASE-NOTES.md", "LICENSE");
        }
    }

    @Test
    void thePartsListsNameWhatIsInTheImages() throws IOException {
        for (String name : IMAGES) {
            Path files = work.resolve(name);
            var archive = Release.Archive.unpack(release.file("pptp-" + name + "-VERSION.oci.tar"),
                    work.resolve(name + "-layout"));
            archive.unpackImage(archive.manifest(release.architecture()), files);
            JsonNode parts = Release.json(release.file("pptp-" + name + "-VERSION-linux-ARCH.cdx.json"));

            assertThat(parts.path("bomFormat").textValue()).isEqualTo("CycloneDX");
            Set<String> named = StreamSupport.stream(parts.path("components").spliterator(), false)
                    .flatMap(part -> StreamSupport.stream(part.path("properties").spliterator(), false))
                    .filter(property -> property.path("name").textValue().equals("pptp-operator:file"))
                    .map(property -> property.path("value").textValue())
                    .collect(Collectors.toSet());
            try (Stream<Path> libraries = Files.list(files.resolve("app/lib"))) {
                assertThat(named).hasSizeGreaterThan(20)
                        .isEqualTo(libraries.map(library -> "/app/lib/" + library.getFileName())
                                .collect(Collectors.toSet()));
            }
            List<String> urls = StreamSupport.stream(parts.path("components").spliterator(), false)
                    .map(part -> part.path("purl").textValue())
                    .toList();
            String java = Files.readString(files.resolve("opt/java/release"))
                    .lines()
                    .filter(line -> line.startsWith("JAVA_VERSION="))
                    .findFirst()
                    .orElseThrow()
                    .split("\"", -1)[1];
            assertThat(urls).contains("pkg:generic/openjdk@" + java)
                    .anyMatch(url -> url.startsWith("pkg:deb/debian/libc6@"))
                    .anyMatch(url -> url.startsWith("pkg:maven/io.netty/netty-common@"));
        }
    }

    @Test
    void chartAndInstallFileNameTheImagesByTheirDigests() throws IOException {
        Set<String> wanted = IMAGES.stream()
                .map(name -> Release.REGISTRY + "/pptp-" + name + "@"
                        + Release.Archive.unpack(release.file("pptp-" + name + "-VERSION.oci.tar"), work.resolve(name))
                                .root()
                                .path("digest")
                                .textValue())
                .collect(Collectors.toSet());
        var layout = Release.Archive.unpack(release.file("pptp-operator-chart-VERSION.oci.tar"), work.resolve("chart"));
        JsonNode manifest = Release.json(layout.blob(layout.root()));
        assertThat(Release.json(layout.blob(manifest.path("config"))).path("version").textValue())
                .isEqualTo(release.version());
        Path chart = layout.blob(manifest.path("layers").path(0));

        String rendered = Command.must(Helm.program(), "template", "x", chart.toString(), "--kube-version", "1.34.0");

        assertThat(images(rendered)).isEqualTo(wanted);
        assertThat(images(Files.readString(release.file("install.yaml")))).isEqualTo(wanted);
    }

    private static Set<String> images(String manifests) {
        return DIGEST.matcher(manifests).results().map(found -> found.group()).collect(Collectors.toSet());
    }

    @Test
    void thePluginNeedsNoJavaAndIsWhatKrewFetches() throws IOException {
        Path archive = release.file("kubectl-pptp-VERSION-linux-ARCH.tar.gz");
        String krew = Files.readString(release.file("krew-pptp.yaml"));
        assertThat(krew).contains("uri: " + Release.DOWNLOADS + "/" + archive.getFileName() + "\n      sha256: "
                + Command.must("sha256sum", archive.toString()).split(" ", -1)[0]);
        Matcher program = Pattern.compile("bin: (\\S+)").matcher(krew);
        assertThat(program.find()).isTrue();
        Release.unpack(archive, work.resolve("store"));
        // As krew does it.
        Path link = Files.createDirectory(work.resolve("bin")).resolve("kubectl-pptp");
        Files.createSymbolicLink(link, work.resolve("store").resolve(program.group(1)));

        Outcome outcome = Command.run(List.of("unshare", "--mount", "sh", "-c",
                "for place in /usr/lib/jvm /opt; do [ ! -d $place ] || mount -t tmpfs none $place; done;"
                        + " exec env -i HOME=" + work + " PATH=" + link.getParent()
                        + ":/usr/bin:/bin kubectl-pptp --version"));

        assertThat(outcome.output()).contains(release.version());
        assertThat(outcome.succeeded()).isTrue();
    }

    @Test
    void theDataPlaneOfTheArchiveLetsSomebodyIn() throws IOException, InterruptedException {
        Path files = work.resolve("files");
        var archive = Release.Archive.unpack(release.file("pptp-dataplane-VERSION.oci.tar"), work.resolve("layout"));
        List<String> program = archive.unpackImage(archive.manifest(release.architecture()), files);
        Path config = Files.createDirectory(files.resolve("config"));
        Files.writeString(config.resolve("server.yaml"), "localIP: 192.0.2.1\npools: [192.0.2.2-192.0.2.254]\n");
        Files.writeString(config.resolve("users.yaml"), "users:\n  - username: alice\n    password: secret-a\n");
        try (Namespace server = Namespace.create("release"); Namespace client = Namespace.create("dialer")) {
            server.must("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", client.name());
            server.must("ip", "address", "add", "198.51.100.1/24", "dev", "eth0");
            client.must("ip", "address", "add", "198.51.100.2/24", "dev", "eth0");
            server.must("ip", "link", "set", "eth0", "up");
            client.must("ip", "link", "set", "eth0", "up");
            var command = new ArrayList<>(server.inside(List.of("unshare", "--mount", "sh", "-c",
                    "mount --rbind /dev $0/dev && mount --bind /proc $0/proc && exec chroot \"$0\" \"$@\"",
                    files.toString())));
            command.addAll(program);
            command.addAll(List.of("serve", "--config", "/config"));
            Path log = work.resolve("log");
            Process serving = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                server.must("curl", "--silent", "--show-error", "--fail", "--retry", "60", "--retry-delay", "1",
                        "--retry-all-errors", "http://127.0.0.1:9723/readyz");
                Outcome probe = client.run("env", "PPTP_PASSWORD=secret-a",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                        Repository.text("dataplane/target/pptp-dataplane.jar"), "probe", "--user", "alice",
                        "198.51.100.1");
                assertThat(probe.succeeded()).as(probe.output()).isTrue();
                assertThat(probe.output()).containsPattern("mppe +ok").containsPattern("traffic +ok");
            } finally {
                serving.destroy();
                if (!serving.waitFor(1, TimeUnit.MINUTES)) {
                    serving.destroyForcibly();
                }
            }
            assertThat(Files.readString(log)).contains("user=alice address=192.0.2.");
        }
    }
}
