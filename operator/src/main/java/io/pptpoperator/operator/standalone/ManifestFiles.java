package io.pptpoperator.operator.standalone;

import io.pptpoperator.operator.manifest.ManifestException;
import io.pptpoperator.operator.manifest.ManifestProblem;
import io.pptpoperator.operator.manifest.ManifestText;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that manifests are read from: files as they are given, and of a folder, as with {@code kubectl apply -f},
 * those that end in {@code .yaml}, {@code .yml} or {@code .json}.
 *
 * @param paths files and folders
 * @param apart a file that is left out, because it is read for itself
 */
record ManifestFiles(List<Path> paths, Path apart) {

    /**
     * What tells whether a file was changed.
     *
     * @param path the file
     * @param identity which file stands there, how long it is, and when it was written
     */
    record Stamp(Path path, List<Object> identity) {}

    /** Reads all files. */
    List<ManifestText> read() {
        var texts = new ArrayList<ManifestText>();
        var problems = new ArrayList<ManifestProblem>();
        for (Path path : list(problems)) {
            try {
                texts.add(new ManifestText(path.toString(), Files.readString(path)));
            } catch (CharacterCodingException e) {
                problems.add(new ManifestProblem(path.toString(), 0, 0, "is not UTF-8 text"));
            } catch (IOException e) {
                problems.add(unreadable(path, e));
            }
        }
        if (!problems.isEmpty()) {
            throw new ManifestException(problems);
        }
        return texts;
    }

    /** What the files look like now; two equal answers mean the same texts. */
    List<Stamp> stamps() {
        return Stream.concat(list(new ArrayList<>()).stream(), Stream.of(apart)).map(ManifestFiles::stamp).toList();
    }

    private static Stamp stamp(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(path,
                    List.of(String.valueOf(attributes.fileKey()), attributes.size(), attributes.lastModifiedTime()));
        } catch (IOException e) {
            return new Stamp(path, List.of());
        }
    }

    private Set<Path> list(List<ManifestProblem> problems) {
        var files = new LinkedHashSet<Path>();
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> inside = Files.list(path)) {
                inside.filter(ManifestFiles::isManifest).sorted().forEach(files::add);
            } catch (IOException e) {
                problems.add(unreadable(path, e));
            }
        }
        files.removeIf(file -> file.toAbsolutePath().normalize().equals(apart.toAbsolutePath().normalize()));
        return files;
    }

    private static ManifestProblem unreadable(Path path, IOException cause) {
        return new ManifestProblem(path.toString(), 0, 0,
                Files.exists(path) ? "cannot be read: " + cause : "there is no such file or folder");
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && name.matches(".*\\.(yaml|yml|json)") && Files.isRegularFile(file);
    }
}
