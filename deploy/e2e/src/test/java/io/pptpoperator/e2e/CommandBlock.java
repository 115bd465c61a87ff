package io.pptpoperator.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of commands in the documentation.
 *
 * @param page the file, seen from the uppermost folder
 * @param shell the program that runs it
 */
record CommandBlock(String page, String shell, String text) {

    private static final Pattern FENCE = Pattern.compile("(?ms)^```(sh|bash|zsh|fish)\n(.*?)^```$");

    /** All blocks of the README and of docs/. */
    static List<CommandBlock> all() {
        var blocks = new ArrayList<CommandBlock>();
        try (Stream<Path> files = Files.list(Repository.path("docs"))) {
            Stream<Path> pages = files.filter(file -> file.toString().endsWith(".md")).sorted();
            for (Path page : Stream.concat(Stream.of(Repository.path("README.md")), pages).toList()) {
                for (MatchResult fence : FENCE.matcher(Files.readString(page)).results().toList()) {
                    blocks.add(new CommandBlock(Repository.path("").relativize(page).toString(),
                            fence.group(1).equals("sh") ? "bash" : fence.group(1), fence.group(2)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return blocks;
    }
}
