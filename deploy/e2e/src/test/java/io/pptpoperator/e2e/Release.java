package io.pptpoperator.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.LabException;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What {@code deploy/release --rehearsal} made of the jars of this build, for this machine's architecture. */
final class Release {

    static final String REGISTRY = "registry.example.com/vpn";
    static final String DOWNLOADS = "https://downloads.example.com/pptp";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration BUILD = Duration.ofMinutes(15);

    private final Path folder;
    private final String version;
    private final String architecture;

    private Release(Path folder, String version, String architecture) {
        this.folder = folder;
        this.version = version;
        this.architecture = architecture;
    }

    /** Makes one, in place of the last. */
    static Release rehearse() {
        Path folder = Path.of(System.getProperty("basedir", ""), "target", "release").toAbsolutePath();
        Command.must("rm", "-rf", folder.toString());
        String version = Command.must(Repository.text("deploy/version"));
        String architecture = Command.must("dpkg", "--print-architecture");
        Outcome outcome = run("--rehearsal", "--architectures", architecture, "--registry", REGISTRY, "--downloads",
                DOWNLOADS, version, folder.toString());
        if (!outcome.succeeded()) {
            throw new LabException("The release could not be built: " + outcome.output());
        }
        return new Release(folder, version, architecture);
    }

    /** Runs the script. */
    static Outcome run(String... arguments) {
        return Command.run(Stream.concat(Stream.of(Repository.text("deploy/release")), Stream.of(arguments)).toList(),
                BUILD);
    }

    Path folder() {
        return folder;
    }

    String version() {
        return version;
    }

    String architecture() {
        return architecture;
    }

    /** A file of it, whose name may have VERSION and ARCH in place of these. */
    Path file(String name) {
        return folder.resolve(name.replace("VERSION", version).replace("ARCH", architecture));
    }

    /** A JSON file. */
    static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unpacks a tar archive, compressed or not. */
    static void unpack(Path archive, Path target) {
        try {
            Files.createDirectories(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Command.must("tar", "-xf", archive.toString(), "-C", target.toString());
    }

    /**
     * An archive in the layout that OCI gives images, unpacked.
     *
     * @param layout where
     * @param root what its index.json names
     */
    record Archive(Path layout, JsonNode root) {

        static Archive unpack(Path archive, Path layout) {
            Release.unpack(archive, layout);
            return new Archive(layout, json(layout.resolve("index.json")).path("manifests").path(0));
        }

        /** The file of a descriptor, which must have the bytes that its digest tells of. */
        Path blob(JsonNode descriptor) {
            String digest = descriptor.path("digest").textValue();
            Path file = layout.resolve("blobs").resolve(digest.replace(':', '/'));
            String sum = Command.must("sha256sum", file.toString()).split(" ", -1)[0];
            if (!digest.equals("sha256:" + sum)) {
                throw new LabException(file + " has the sum " + sum);
            }
            return file;
        }

        /** The manifest of the image for an architecture. */
        JsonNode manifest(String architecture) {
            for (JsonNode manifest : json(blob(root)).path("manifests")) {
                if (manifest.path("platform").path("architecture").textValue().equals(architecture)) {
                    return manifest;
                }
            }
            throw new LabException(layout + " has no image for " + architecture);
        }

        /** Unpacks an image's files, and returns the command that it starts with. */
        List<String> unpackImage(JsonNode manifest, Path files) {
            JsonNode image = json(blob(manifest));
            image.path("layers").forEach(layer -> Release.unpack(blob(layer), files));
            return JSON.convertValue(json(blob(image.path("config"))).path("config").path("Entrypoint"),
                    JSON.getTypeFactory().constructCollectionType(List.class, String.class));
        }
    }
}
